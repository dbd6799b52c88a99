/** Words in front of parentheses that are syntax, not functions, in the standard or in any supported system. */
export const CALL_SYNTAX: ReadonlySet<string> = new Set(
  `against all and any apply array as between bit by case cast char character coalesce collation columns conflict
   cross cube current_date current_time current_timestamp decimal distinct do else escape except exists extract
   fetch filter float for from greatest group grouping having ilike in index inner intersect interval into is join
   json json_array json_arrayagg json_exists json_object json_objectagg json_query json_scalar json_serialize
   json_table json_value key last lateral least left like limit localtime localtimestamp match materialized
   normalize not nullif numeric nvarchar offset on only operator option or order outer over overlaps partition
   range recursive regexp returning right rlike rollup row rows second select set sets similar some table
   tablesample then to top treat trim union unique using values varbinary varchar varying when where window with
   within xmlattributes xmlconcat xmlelement xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable
   xor`.split(/\s+/),
)

/** Functions that return the same for the same arguments in all systems, for systems without their own list. */
export const STABLE_EVERYWHERE: ReadonlySet<string> = new Set(
  `abs avg concat count dense_rank first_value floor lag last_value lead length lower ltrim max min mod ntile power rank
   replace round row_number rtrim sign sqrt substring sum trim upper`.split(/\s+/),
)
