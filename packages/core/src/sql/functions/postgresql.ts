/**
 * Functions of PostgreSQL that return the same for the same arguments while the settings of the session stay the same.
 *
 * The list contains the functions that `pg_proc.provolatile` marks as immutable, except PostgreSQL's internal ones. It
 * also contains the stable functions that depend on settings alone (time zone, locale, text search). The other stable
 * functions, such as those for statistics and snapshots, are stable within one statement only. A test compares the
 * list with `pg_proc`.
 *
 * @see https://www.postgresql.org/docs/current/xfunc-volatility.html
 */
export const STABLE_IN_POSTGRESQL: ReadonlySet<string> = new Set(
  `abbrev abs acos acosd acosh any_value area array_agg array_append array_cat array_dims array_fill array_length
   array_lower array_ndims array_position array_positions array_prepend array_remove array_replace array_reverse
   array_sort array_to_json array_to_string array_to_tsvector array_upper ascii asin asind asinh atan atan2 atan2d
   atand atanh avg bit_and bit_count bit_length bit_or bit_xor bool bool_and bool_or bound_box box broadcast btrim
   cardinality casefold cbrt ceil ceiling center char_length character_length chr circle concat concat_ws convert
   convert_from convert_to corr cos cosd cosh cot cotd count covar_pop covar_samp crc32 crc32c cume_dist
   current_database date date_add date_bin date_part date_subtract date_trunc datemultirange daterange decode
   degrees dense_rank diagonal diameter div encode enum_first enum_last enum_range erf erfc every exp factorial
   family first_value float4 float8 floor format gamma gcd generate_series generate_subscripts get_bit get_byte
   height host hostmask inet_merge inet_same_family initcap int2 int4 int4multirange int4range int8 int8multirange
   int8range interval is_normalized isclosed isempty isfinite ishorizontal isopen isparallel isperp isvertical
   json_agg json_agg_strict json_array_elements json_array_elements_text json_array_length json_build_array
   json_build_object json_each json_each_text json_extract_path json_extract_path_text json_object json_object_agg
   json_object_agg_strict json_object_agg_unique json_object_agg_unique_strict json_object_keys
   json_populate_record json_populate_recordset json_strip_nulls json_to_record json_to_recordset json_to_tsvector
   json_typeof jsonb_agg jsonb_agg_strict jsonb_array_elements jsonb_array_elements_text jsonb_array_length
   jsonb_build_array jsonb_build_object jsonb_each jsonb_each_text jsonb_exists jsonb_exists_all jsonb_exists_any
   jsonb_extract_path jsonb_extract_path_text jsonb_insert jsonb_object jsonb_object_agg jsonb_object_agg_strict
   jsonb_object_agg_unique jsonb_object_agg_unique_strict jsonb_object_keys jsonb_path_exists jsonb_path_exists_tz
   jsonb_path_match jsonb_path_match_tz jsonb_path_query jsonb_path_query_array jsonb_path_query_array_tz
   jsonb_path_query_first jsonb_path_query_first_tz jsonb_path_query_tz jsonb_populate_record
   jsonb_populate_recordset jsonb_pretty jsonb_set jsonb_set_lax jsonb_strip_nulls jsonb_to_record
   jsonb_to_recordset jsonb_to_tsvector jsonb_typeof justify_days justify_hours justify_interval lag last_value lcm
   lead left length lgamma line ln log log10 lower lower_inc lower_inf lpad lseg ltrim macaddr8_set7bit make_date
   make_interval make_time make_timestamp make_timestamptz masklen max md5 min min_scale mod mode multirange
   netmask network normalize npoints nth_value ntile num_nonnulls num_nulls numeric nummultirange numnode numrange
   octet_length overlaps overlay parse_ident path percent_rank percentile_cont percentile_disc pg_size_bytes
   pg_size_pretty pg_typeof phraseto_tsquery pi plainto_tsquery point polygon popen position pow power querytree
   quote_ident quote_literal quote_nullable radians radius range_agg range_intersect_agg range_merge rank
   regexp_count regexp_instr regexp_like regexp_match regexp_matches regexp_replace regexp_split_to_array
   regexp_split_to_table regexp_substr regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx
   regr_sxy regr_syy repeat replace reverse right round row_number row_to_json rpad rtrim scale set_bit set_byte
   set_masklen setweight sha224 sha256 sha384 sha512 sign sin sind sinh slope split_part sqrt starts_with stddev
   stddev_pop stddev_samp string_agg string_to_array string_to_table strip strpos substr substring sum tan tand
   tanh text textlen time timestamp timestamptz timetz timezone to_ascii to_bin to_char to_date to_hex to_json
   to_jsonb to_number to_oct to_timestamp to_tsquery to_tsvector translate trim_array trim_scale trunc ts_debug
   ts_delete ts_filter ts_headline ts_lexize ts_parse ts_rank ts_rank_cd ts_token_type tsmultirange tsquery_phrase
   tsrange tstzmultirange tstzrange tsvector_to_array unicode_assigned unistr unnest upper upper_inc upper_inf
   uuid_extract_timestamp uuid_extract_version var_pop var_samp varchar variance version websearch_to_tsquery width
   width_bucket xmlagg xmlcomment xmlexists xmltext xpath xpath_exists`.split(/\s+/),
)

/** Functions of common extensions, by their documentation: pg_trgm, unaccent, hstore, pgcrypto, pgvector, PostGIS. */
export const STABLE_IN_EXTENSIONS: ReadonlySet<string> = new Set(
  `akeys avals cosine_distance crypt digest hmac hstore hstore_to_json hstore_to_jsonb inner_product l1_distance l2_distance
   l2_normalize similarity skeys st_area st_asbinary st_asewkt st_asgeojson st_astext st_boundary st_buffer st_centroid
   st_closestpoint st_collect st_contains st_convexhull st_covers st_crosses st_difference st_disjoint st_distance
   st_distancesphere st_dwithin st_envelope st_equals st_expand st_extent st_force2d st_geogfromtext st_geohash
   st_geometrytype st_geomfromgeojson st_geomfromtext st_intersection st_intersects st_isvalid st_length st_linefromtext
   st_makeenvelope st_makeline st_makepoint st_makevalid st_npoints st_overlaps st_perimeter st_point st_pointfromtext
   st_pointonsurface st_setsrid st_simplify st_srid st_touches st_transform st_union st_within st_x st_y strict_word_similarity
   svals unaccent uuid_generate_v3 uuid_generate_v5 vector_dims vector_norm word_similarity`.split(/\s+/),
)

/** Functions whose result is the same within one transaction only: they return its start or its number. */
export const CHANGING_WITH_TRANSACTION: ReadonlySet<string> = new Set(
  `age now pg_current_xact_id transaction_timestamp txid_current`.split(' '),
)
