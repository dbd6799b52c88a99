/**
 * Functions of MySQL and MariaDB that return the same for the same arguments.
 *
 * @see https://dev.mysql.com/doc/refman/9.7/en/built-in-function-reference.html
 */
export const STABLE_IN_MYSQL: ReadonlySet<string> = new Set(
  `abs acos adddate addtime aes_decrypt any_value ascii asin atan atan2 avg bin bin_to_uuid bit_and bit_count bit_length
   bit_or bit_xor ceil ceiling char_length character_length coercibility compress concat concat_ws conv convert
   convert_tz cos cot count crc32 cume_dist database date date_add date_format date_sub datediff day dayname dayofmonth
   dayofweek dayofyear degrees dense_rank div elt exp export_set extractvalue field find_in_set first_value floor format
   format_bytes from_base64 from_days from_unixtime geomfromtext get_format greatest group_concat hex hour if ifnull
   inet6_aton inet6_ntoa inet_aton inet_ntoa insert instr is_ipv4 is_ipv6 is_uuid isnull json_array_append
   json_array_insert json_array json_arrayagg json_contains json_contains_path json_depth json_detailed json_exists
   json_extract json_insert json_keys json_length json_merge json_merge_patch json_merge_preserve json_object
   json_objectagg json_overlaps json_pretty json_quote json_query json_remove json_replace json_schema_valid json_search
   json_set json_storage_size json_table json_type json_unquote json_valid json_value lag last_day last_value lcase lead
   least left length ln locate log log10 log2 lower lpad ltrim make_set makedate maketime max md5 microsecond mid min
   minute mod month monthname nth_value ntile oct octet_length ord percent_rank period_add period_diff pi position pow
   power quarter quote radians rank regexp_instr regexp_like regexp_replace regexp_substr repeat replace reverse right
   round row_number rpad rtrim schema sec_to_time second sha sha1 sha2 sign sin soundex space sqrt st_area st_asgeojson
   st_astext st_buffer st_centroid st_contains st_distance st_distance_sphere st_geomfromgeojson st_geomfromtext
   st_intersects st_latitude st_longitude st_srid st_within st_x st_y std stddev stddev_pop stddev_samp str_to_date strcmp
   subdate substr substring substring_index subtime sum tan time time_format time_to_sec timediff timestamp timestampadd
   timestampdiff to_base64 to_days to_seconds truncate ucase uncompress unhex updatexml upper uuid_to_bin values var_pop
   var_samp variance version week weekday weekofyear year yearweek`.split(/\s+/),
)
