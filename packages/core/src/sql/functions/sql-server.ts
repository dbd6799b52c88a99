/**
 * Functions of SQL Server that return the same for the same arguments.
 *
 * @see https://learn.microsoft.com/en-us/sql/t-sql/functions/functions
 */
export const STABLE_IN_SQL_SERVER: ReadonlySet<string> = new Set(
  `abs acos approx_count_distinct ascii asin atan atn2 avg base64_decode base64_encode bit_count ceiling char charindex
   checksum checksum_agg choose compress concat concat_ws contains containstable convert cos cot count count_big cume_dist
   datalength date_bucket dateadd datediff datediff_big datefromparts datename datepart datetime2fromparts
   datetimefromparts datetimeoffsetfromparts datetrunc day db_name decompress degrees dense_rank difference eomonth exp
   first_value floor format freetext freetexttable generate_series get_bit greatest grouping_id hashbytes iif isdate
   isjson isnull isnumeric json_array json_arrayagg json_modify json_object json_objectagg json_path_exists json_query
   json_value lag last_value lead least left left_shift len log log10 lower ltrim max min month nchar ntile openjson parse
   parsename patindex percent_rank percentile_cont percentile_disc pi power quotename radians rank regexp_count
   regexp_instr regexp_like regexp_replace regexp_substr replace replicate reverse right right_shift round row_number
   rtrim set_bit sign sin smalldatetimefromparts soundex space sqrt square stdev stdevp str string_agg string_escape
   string_split stuff substring sum switchoffset tan timefromparts todatetimeoffset translate trim try_cast try_convert
   try_parse unicode upper var varp year`.split(/\s+/),
)
