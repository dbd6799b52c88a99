/**
 * Functions that give the same for the same arguments within a statement's transaction, as PostgreSQL classifies
 * them (`pg_proc.provolatile`; a test compares). Any other function may be volatile: that is what PostgreSQL, too,
 * takes of one that was created without a word about it.
 *
 * @see https://www.postgresql.org/docs/current/xfunc-volatility.html
 */
export const STABLE_FUNCTIONS: ReadonlySet<string> = new Set(
  `abs age any_value array_agg array_append array_cat array_length array_position array_remove array_to_json
   array_to_string ascii avg bit_and bit_length bit_or bool_and bool_or btrim cardinality ceil ceiling char_length
   character_length chr concat concat_ws count cume_dist date_bin date_part date_trunc daterange decode dense_rank div
   encode every exp first_value floor format generate_series greatest hstore initcap int4range int8range isempty
   json_agg json_array_elements json_array_elements_text json_array_length json_build_array json_build_object json_each
   json_each_text json_extract_path json_extract_path_text json_object_agg json_object_keys json_strip_nulls
   json_to_record json_to_recordset json_typeof jsonb_agg jsonb_array_elements jsonb_array_elements_text
   jsonb_array_length jsonb_build_array jsonb_build_object jsonb_each jsonb_each_text jsonb_exists jsonb_extract_path
   jsonb_extract_path_text jsonb_insert jsonb_object_agg jsonb_object_keys jsonb_path_exists jsonb_path_query
   jsonb_path_query_array jsonb_path_query_first jsonb_set jsonb_strip_nulls jsonb_to_record jsonb_to_recordset
   jsonb_typeof justify_days justify_hours justify_interval lag last_value lead left length ln log lower lower_inc
   lower_inf lpad ltrim make_date make_interval make_time make_timestamp make_timestamptz max md5 min mod nth_value ntile
   now numnode numrange octet_length overlay percent_rank percentile_cont percentile_disc phraseto_tsquery pi
   plainto_tsquery position power quote_ident quote_literal quote_nullable radians range_agg rank regexp_count
   regexp_instr regexp_like regexp_match regexp_matches regexp_replace regexp_split_to_array regexp_split_to_table
   regexp_substr repeat replace reverse right round row_number row_to_json rpad rtrim scale setweight sign split_part sqrt
   starts_with stddev stddev_pop stddev_samp string_agg string_to_array string_to_table strip strpos substr substring sum
   to_char to_date to_json to_jsonb to_number to_timestamp to_tsquery to_tsvector translate trim_array trunc ts_headline
   ts_rank ts_rank_cd tsquery_phrase tsrange tstzrange unnest upper upper_inc upper_inf var_pop var_samp variance
   websearch_to_tsquery width_bucket`.split(/\s+/),
)

/** What looks like a call and is syntax. */
export const CALL_SYNTAX: ReadonlySet<string> = new Set(
  `all and any array as between case cast coalesce cube current_date current_time current_timestamp distinct else except
   exists extract filter from grouping having in intersect into is join lateral like ilike limit localtime localtimestamp
   not nullif offset on only or order over partition range returning rollup row rows select set sets similar some table
   then trim union using values when where with within varchar char character numeric decimal bit timestamp time interval
   float materialized recursive by group json_arrayagg json_array json_object json_objectagg normalize collation
   fetch next first for date`.split(/\s+/),
)
