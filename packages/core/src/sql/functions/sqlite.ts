/**
 * Functions of SQLite that return the same for the same arguments.
 *
 * @see https://www.sqlite.org/lang_corefunc.html and its pages on aggregates, windows, JSON, mathematics and FTS5
 */
export const STABLE_IN_SQLITE: ReadonlySet<string> = new Set(
  `abs acos acosh asin asinh atan atan2 atanh avg bm25 ceil ceiling char char_length concat concat_ws cos cosh count
   cume_dist degrees dense_rank exp first_value floor format generate_series glob group_concat hex highlight if ifnull iif
   instr json json_array json_array_length json_each json_error_position json_extract json_group_array json_group_object
   json_insert json_object json_patch json_pretty json_quote json_remove json_replace json_set json_tree json_type
   json_valid jsonb jsonb_array jsonb_each jsonb_extract jsonb_group_array jsonb_group_object jsonb_insert jsonb_object
   jsonb_patch jsonb_remove jsonb_replace jsonb_set jsonb_tree lag last_value lead length like likelihood likely ln log
   log10 log2 lower ltrim max median min mod nth_value ntile octet_length percent_rank percentile percentile_cont
   percentile_disc pi pow power printf quote radians rank replace round row_number rtrim sign sin sinh snippet soundex sqrt
   string_agg subtype substr substring sum tan tanh timediff total trim trunc typeof unhex unicode unistr unistr_quote
   unlikely upper zeroblob`.split(/\s+/),
)

/** Functions of SQLite that convert the time in their arguments. Without one, or with `now`, they return the current time. */
export const TELLING_TIME_IN_SQLITE: ReadonlySet<string> = new Set(
  `date datetime julianday strftime time unixepoch`.split(' '),
)
