-- Written for these tests after the forms shown in the PostgreSQL 18 documentation; tables, names, values and wording are our own.

-- ---------------------------------------------------------------- SELECT

SELECT 1;
select;
SELECT ALL;
SELECT * FROM kiln;
TABLE kiln;
TABLE ONLY public.kiln;
SELECT * FROM ONLY kiln;
SELECT * FROM kiln *;
SELECT k.*, b.name batch_name, b.fired_at AS "fired at" FROM kiln k, batch b WHERE b.kiln_id = k.id;
SELECT DISTINCT glaze FROM batch;
SELECT DISTINCT ON (kiln_id, glaze) kiln_id, glaze, fired_at FROM batch ORDER BY kiln_id, glaze, fired_at DESC NULLS LAST;
SELECT ALL kiln_id, count(*) FILTER (WHERE cracked) AS broken, count(*) total FROM batch GROUP BY ALL kiln_id;
SELECT kiln_id, glaze FROM batch GROUP BY DISTINCT ROLLUP (kiln_id, glaze), ROLLUP (kiln_id, fired_by);
SELECT glaze, avg(temperature)::numeric(6, 1) FROM batch GROUP BY 1 HAVING avg(temperature) >= 1180 ORDER BY 2 DESC;
SELECT id FROM batch ORDER BY temperature USING >, id USING OPERATOR(pg_catalog.<);
SELECT id FROM batch ORDER BY id ASC NULLS FIRST LIMIT ALL OFFSET 0;
SELECT id FROM batch OFFSET 40 ROWS FETCH NEXT 20 ROWS ONLY;
SELECT id, score FROM entry ORDER BY score DESC FETCH FIRST 3 ROWS WITH TIES;
SELECT id FROM entry FETCH FIRST ROW ONLY;
SELECT id FROM entry LIMIT (SELECT page_size FROM reader_settings WHERE reader_id = $1) OFFSET $2 * 20;
SELECT id FROM entry LIMIT NULL;
SELECT b.id FROM batch AS b INNER JOIN kiln USING (kiln_id) LEFT JOIN potter ON potter.id = b.fired_by;
SELECT * FROM batch NATURAL FULL OUTER JOIN kiln CROSS JOIN season;
SELECT shared.kiln_id FROM batch JOIN kiln USING (kiln_id, site_id) AS shared;
SELECT * FROM (batch b RIGHT JOIN kiln k ON b.kiln_id = k.id) AS bk (a, b, c);
SELECT * FROM (SELECT id, name FROM potter) JOIN (VALUES (1, 'one')) AS v (id, word) USING (id);
SELECT p.name, latest.* FROM potter p LEFT JOIN LATERAL (SELECT b.id, b.fired_at FROM batch b WHERE b.fired_by = p.id ORDER BY b.fired_at DESC LIMIT 2) AS latest ON true;
SELECT p.id, w.word FROM potter p CROSS JOIN LATERAL regexp_split_to_table(p.motto, E'\\s+') WITH ORDINALITY AS w (word, pos) WHERE w.pos <= 3;
SELECT * FROM batch TABLESAMPLE BERNOULLI (2.5) REPEATABLE (42);
SELECT avg(temperature) FROM ONLY batch AS b TABLESAMPLE SYSTEM (10);
SELECT * FROM ROWS FROM (generate_series(1, 5), unnest(ARRAY['x', 'y', 'z'])) WITH ORDINALITY AS r (n, letter, row_no);
SELECT * FROM ROWS FROM (json_to_recordset('[{"a": 7, "b": "seven"}, {"a": 8, "b": null}]') AS (a integer, b text), generate_series(1, 3)) AS combined (p, q, s) ORDER BY p;
SELECT * FROM jsonb_to_record('{"depth": 3, "tags": ["sea", "cold"]}') AS probe (depth int, tags text[]);
SELECT * FROM unnest(ARRAY[1, 2, 3], ARRAY['red', 'ochre']) AS pairs (num, colour);
SELECT * FROM crosstab_of($$ select 1 $$) AS ct (row_name text COLLATE "C", jan numeric(8, 2), feb numeric(8, 2));
SELECT current_date, current_time(2), current_timestamp, localtime, localtimestamp (3), current_user, session_user, user, current_role, current_catalog, current_schema, system_user;
SELECT 1 AS select, 2 "from", 3 where_, 4 AS "Order By";
SELECT 5 value, 6 name, 7 AS year, 8 AS to;
SELECT x.select, x.from, x."group", x.table FROM odd_columns x;
SELECT (t).street, (t.home).zip, ((t.work).geo).lat, (address_of(t)).*, (ARRAY[t])[1].id FROM person t;
SELECT now() AT TIME ZONE 'Europe/Vienna' AT TIME ZONE 'UTC', now() AT LOCAL, timestamp '2031-03-30 02:30' AT TIME ZONE interval '-03:30';
SELECT name COLLATE "de-AT-x-icu" FROM potter ORDER BY name COLLATE pg_catalog."C" DESC;

-- ---------------------------------------------------------------- set operations

SELECT id FROM kiln UNION SELECT id FROM oven;
SELECT id FROM kiln UNION ALL SELECT id FROM oven EXCEPT DISTINCT SELECT id FROM scrap ORDER BY 1;
(SELECT id FROM kiln ORDER BY built LIMIT 2) UNION ALL (SELECT id FROM oven ORDER BY built DESC LIMIT 2) ORDER BY id OFFSET 1;
SELECT a FROM r1 INTERSECT ALL (SELECT a FROM r2 EXCEPT ALL (SELECT a FROM r3 UNION (SELECT a FROM r4)));
((SELECT 1 AS n) UNION (VALUES (2), (3))) EXCEPT ((TABLE digits));
SELECT * FROM ((SELECT 1) UNION ALL (SELECT 2)) AS u (n) WHERE n IN (((SELECT 2)));
(((SELECT max(id) FROM kiln)));
SELECT NULL UNION SELECT NULL INTERSECT SELECT 'x';

-- ---------------------------------------------------------------- VALUES

VALUES (1, 'first', DATE '2030-01-01'), (2, 'second', NULL), (3, 'third', DEFAULT_DAY());
VALUES (10), (20), (30) ORDER BY column1 DESC LIMIT 2 OFFSET 1;
SELECT v.code, v.label FROM (VALUES ('n', 'north'), ('s', 'south')) AS v (code, label) WHERE v.code = $1;
SELECT * FROM station WHERE (line, stop_no) IN (VALUES ('U2', 4), ('U4', 11));

-- ---------------------------------------------------------------- WITH

WITH hot AS (SELECT * FROM batch WHERE temperature > 1250), cold (id) AS (SELECT id FROM batch WHERE temperature < 900) SELECT count(*) FROM hot, cold;
WITH RECURSIVE count_down (n) AS (VALUES (25) UNION ALL SELECT n - 1 FROM count_down WHERE n > 0) SELECT sum(n) FROM count_down;
WITH RECURSIVE reports_to (boss, worker, level) AS (
    SELECT manager_id, id, 1 FROM staff WHERE manager_id IS NULL
  UNION ALL
    SELECT s.manager_id, s.id, r.level + 1
    FROM staff s
    JOIN reports_to r ON s.manager_id = r.worker
)
SELECT repeat('  ', level - 1) || name AS chart FROM reports_to JOIN staff ON staff.id = worker;
WITH RECURSIVE tunnel (from_room, to_room, steps) AS (
    SELECT d.from_room, d.to_room, 0 FROM door d
  UNION
    SELECT d.from_room, d.to_room, t.steps + 1 FROM door d, tunnel t WHERE d.from_room = t.to_room
) SEARCH DEPTH FIRST BY from_room, to_room SET walk_order
  CYCLE from_room, to_room SET seen_before USING trail
SELECT * FROM tunnel ORDER BY walk_order;
WITH RECURSIVE spread (node) AS (
    SELECT 1 UNION ALL SELECT e.target FROM edge e, spread s WHERE e.source = s.node
) SEARCH BREADTH FIRST BY node SET depth_seq
  CYCLE node SET looped TO 'yes' DEFAULT 'no' USING visited
SELECT node FROM spread WHERE looped = 'no' ORDER BY depth_seq;
WITH pricey AS MATERIALIZED (SELECT id, costly_rating(id) AS r FROM dish) SELECT * FROM pricey p1 JOIN pricey p2 ON p1.r = p2.r AND p1.id < p2.id;
WITH cheap AS NOT MATERIALIZED (SELECT * FROM dish) SELECT * FROM cheap WHERE id = 77;
WITH gone AS (DELETE FROM berth WHERE vacated_on < current_date - 365 RETURNING *) INSERT INTO berth_archive SELECT * FROM gone;
WITH bumped AS (UPDATE dish SET price = price * 1.04 RETURNING id, price), logged AS (INSERT INTO price_log (dish_id, price) SELECT id, price FROM bumped RETURNING dish_id) SELECT count(*) FROM logged;
WITH RECURSIVE parts_of (sub, whole) AS (SELECT sub, whole FROM assembly WHERE whole = 'gearbox' UNION ALL SELECT a.sub, a.whole FROM parts_of p JOIN assembly a ON a.whole = p.sub) DELETE FROM assembly WHERE whole IN (SELECT whole FROM parts_of);
WITH outer_q AS (WITH inner_q AS (SELECT 1 AS one) SELECT one + 1 AS two FROM inner_q) TABLE outer_q;
WITH merged AS (MERGE INTO stock s USING delivery d ON s.sku = d.sku WHEN MATCHED THEN UPDATE SET qty = s.qty + d.qty WHEN NOT MATCHED THEN INSERT VALUES (d.sku, d.qty) RETURNING merge_action() AS act, s.sku) SELECT act, count(*) FROM merged GROUP BY act;

-- ---------------------------------------------------------------- grouping

SELECT brand, size, sum(sold) FROM shoe GROUP BY GROUPING SETS ((brand), (size), ());
SELECT brand, size, GROUPING(brand, size) AS lvl, sum(sold) FROM shoe GROUP BY ROLLUP (brand, size) ORDER BY lvl, brand;
SELECT a, b, c, d, count(*) FROM facts GROUP BY a, CUBE (b, c), GROUPING SETS ((d), (e), ROLLUP (f, g), CUBE (h));
SELECT (brand, size), sum(sold) FROM shoe GROUP BY CUBE ((brand, size), colour);
SELECT count(*) FROM shoe GROUP BY ();
SELECT string_agg(DISTINCT name, ', ' ORDER BY name DESC) FROM potter;
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY wait_ms), mode() WITHIN GROUP (ORDER BY gate) FILTER (WHERE gate IS NOT NULL), percentile_disc(ARRAY[0.25, 0.75]) WITHIN GROUP (ORDER BY wait_ms DESC) FROM passage;
SELECT array_agg(ALL id ORDER BY id NULLS FIRST), bool_and(paid), every(paid), any_value(city) FROM invoice;
SELECT json_agg(t ORDER BY t.id), jsonb_object_agg(t.key, t.val) FILTER (WHERE t.key IS NOT NULL) FROM setting t;
SELECT rank(73) WITHIN GROUP (ORDER BY score) AS would_rank FROM entry;

-- ---------------------------------------------------------------- window functions

SELECT dept, name, pay, rank() OVER (PARTITION BY dept ORDER BY pay DESC) FROM staff;
SELECT pay, sum(pay) OVER () FROM staff;
SELECT name, sum(pay) OVER w, avg(pay) OVER (w ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) FROM staff WINDOW w AS (PARTITION BY dept ORDER BY hired);
SELECT id, lag(v, 2, 0) OVER (ORDER BY id), lead(v) OVER (ORDER BY id), first_value(v) OVER wide, nth_value(v, 3) OVER wide FROM reading WINDOW base AS (PARTITION BY sensor), wide AS (base ORDER BY id RANGE BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING);
SELECT count(*) OVER (ORDER BY taken_at RANGE BETWEEN '90 minutes' PRECEDING AND interval '1 hour' FOLLOWING EXCLUDE CURRENT ROW) FROM reading;
SELECT array_agg(id) OVER (ORDER BY grade GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE TIES) FROM reading;
SELECT max(v) OVER (ORDER BY id ROWS UNBOUNDED PRECEDING EXCLUDE GROUP), min(v) OVER (ORDER BY id ROWS 3 PRECEDING EXCLUDE NO OTHERS) FROM reading;
SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY topic ORDER BY created_at DESC, id) AS rn FROM post) ranked WHERE rn <= 5;
SELECT ntile(4) OVER (ORDER BY v), percent_rank() OVER (ORDER BY v), cume_dist() OVER (ORDER BY v), dense_rank() OVER (ORDER BY v), sum(v) FILTER (WHERE v > 0) OVER (ORDER BY v) FROM reading;

-- ---------------------------------------------------------------- locking clauses

SELECT * FROM account WHERE id = 5 FOR UPDATE;
SELECT * FROM account a JOIN branch b ON b.id = a.branch_id WHERE a.id = 5 FOR NO KEY UPDATE OF a NOWAIT FOR SHARE OF b;
SELECT id FROM errand WHERE state = 'ready' ORDER BY priority, id FOR UPDATE OF errand SKIP LOCKED LIMIT 10;
SELECT id FROM errand FOR KEY SHARE;
SELECT * FROM (SELECT * FROM account FOR UPDATE) ss WHERE balance < 0;
SELECT id FROM errand FOR READ ONLY;

-- ---------------------------------------------------------------- expressions and predicates

SELECT a IS DISTINCT FROM b, a IS NOT DISTINCT FROM NULL, a IS NULL, b ISNULL, c NOTNULL, d IS NOT NULL, e IS TRUE, e IS NOT FALSE, e IS UNKNOWN, e IS NOT UNKNOWN FROM q;
SELECT ROW(1, 2.5, 'x') = ROW(1, 2.5, 'y'), ROW(a, b) < (c, d), (1, 2) IN ((1, 2), (3, 4)), ROW(t.*, 9) IS NULL, ROW() FROM t;
SELECT (lat, lon, alt) IS NOT DISTINCT FROM (SELECT lat, lon, alt FROM peak WHERE id = 3) FROM here;
SELECT (a, b) OVERLAPS (c, d), (DATE '2030-01-01', INTERVAL '100 days') OVERLAPS (DATE '2030-03-30', DATE '2030-04-02') FROM spans;
SELECT 5 = ANY (ARRAY[3, 5, 7]), 'x' <> ALL ('{a,b,c}'::text[]), 4 > SOME (SELECT n FROM small), name LIKE ANY (ARRAY['A%', '%z']), name !~~* ALL ($1) FROM t;
SELECT id = ANY ($1::bigint[]) AND region != ALL ($2) FROM t;
SELECT a BETWEEN 1 AND 10, b NOT BETWEEN SYMMETRIC 20 AND 10, c BETWEEN ASYMMETRIC $1 AND $2 + 5 FROM t;
SELECT name LIKE '100!%' ESCAPE '!', name NOT LIKE '\_%', name ILIKE '%ÄPFEL%', name NOT ILIKE 'x_y' ESCAPE '', name SIMILAR TO '(ab|cd)+_?', name NOT SIMILAR TO 'q%' ESCAPE '#' FROM t;
SELECT name ~ '^[[:alpha:]_]+$', name ~* 'straße', name !~ '\d{3,}', name !~* $$it's|"that"$$, name ^@ 'pre' FROM t;
SELECT regexp_replace('2031-05-06', '(\d+)-(\d+)-(\d+)', '\3.\2.\1', 'g'), regexp_match('tonic', '(t)(?:o)(n)'), regexp_count('banana', 'a', 2, 'i'), regexp_like('x', 'X', 'i'), regexp_substr('a1b22', '[0-9]+', 1, 2);
SELECT CASE WHEN n % 15 = 0 THEN 'both' WHEN n % 3 = 0 THEN 'three' ELSE n::text END FROM generate_series(1, 30) n;
SELECT CASE grade WHEN 'A' THEN 1 WHEN 'B' THEN 2 END, CASE WHEN a THEN CASE b WHEN c THEN d ELSE e END END FROM t;
SELECT COALESCE(nick, given, '(nobody)'), NULLIF(width, 0), GREATEST(1, 2, 3.5), LEAST(a, b, c) FROM t;
SELECT EXISTS (SELECT FROM potter WHERE id = 1), NOT EXISTS (TABLE kiln), ARRAY(SELECT id FROM kiln ORDER BY id), (SELECT count(*) FROM kiln) FROM t WHERE NOT (a OR NOT b AND c);
SELECT EXTRACT(EPOCH FROM now() - started), extract('isodow' FROM d), date_part('week', d), POSITION('nd' IN 'sand'), SUBSTRING('harbour' FROM 2 FOR 3), SUBSTRING('harbour' FOR 2), SUBSTRING('a-42-b' SIMILAR '%#"[0-9]+#"%' ESCAPE '#'), SUBSTRING('plain', 2, 1) FROM t;
SELECT TRIM(BOTH 'x' FROM 'xxabcx'), TRIM(LEADING FROM '  a'), TRIM(TRAILING '.' FROM 'a..'), TRIM('  b '), TRIM(FROM ' c '), BTRIM('--q--', '-'), OVERLAY('abcdef' PLACING 'ZZ' FROM 2 FOR 3), NORMALIZE(U&'\0061\0308', NFC), 'ä' IS NFD NORMALIZED, 'a' IS NOT NORMALIZED;
SELECT COLLATION FOR (name), CAST(x AS double precision), CAST(y AS bit varying(12)), CAST(z AS national character varying (20)), TREAT(z AS text) FROM t;
SELECT make_interval(days => 3, hours => 4), format(VARIADIC ARRAY['%s-%s', 'a', 'b']), concat_ws(',', VARIADIC $1::text[]), lower_to(a := 1, b => 'two');
SELECT XMLELEMENT(NAME para, XMLATTRIBUTES('x1' AS id, title), 'hello ', XMLFOREST(a, b AS "B-side")), XMLCONCAT(x, y), XMLPI(NAME php, 'echo 1'), XMLPARSE(DOCUMENT '<d/>' STRIP WHITESPACE), XMLROOT(x, VERSION '1.1', STANDALONE YES), XMLSERIALIZE(CONTENT x AS text INDENT), x IS DOCUMENT, x IS NOT DOCUMENT, XMLEXISTS('//town[text() = ''Graz'']' PASSING BY VALUE x) FROM xml_stuff;
SELECT xt.* FROM feed, XMLTABLE(XMLNAMESPACES('http://feeds.invalid/x' AS x, DEFAULT 'http://feeds.invalid/d'), '/x:items/x:item' PASSING body COLUMNS id int PATH '@id', pos FOR ORDINALITY, label text PATH 'x:label' DEFAULT 'none' NOT NULL, raw xml) AS xt;

-- ---------------------------------------------------------------- operators

SELECT 7 OPERATOR(pg_catalog.+) 8, OPERATOR(pg_catalog.-) 3, a OPERATOR(geo."public".<->) b FROM t;
SELECT 2+3*4-5/6%7^8, -a, +b, - - c, 2*-3, a=-1, a<-1, a>-b, a@-1, a||-1, a<>-1, a!=-1 FROM t;
SELECT |/ 25, ||/ 27, @ -5, ~ 6, 5 & 3, 5 | 3, 5 # 3, 1 << 4, 256 >> 2, !!'cat'::tsquery;
SELECT a<b,a<=b,a>b,a>=b,a<>b,a!=b,a=b FROM t WHERE NOT a=b AND a<b OR b>=c;
SELECT p1 <-> p2, p1 <=> p2, p1 <#> p2, p1 <+> p2, p1 <@ c, c @> p1, b1 && b2, b1 &< b2, b1 <<| b2, b1 |&> b2, b1 ?-| b2, b1 ?|| b2, p1 ~= p2, b1 -|- b2, @-@ path, @@ c, a ##b, ?- l, ?| l FROM g;
SELECT a %> b, a <% b, a %>> b, a <<-> b, a ~<~ b, a ~>=~ b, a @@@ b, a *<> b, a ~|~ b, a <~~> b, a ^-^ b, a |>> b, a &&& b, a +&+ b, a <%%> b FROM custom;
SELECT a+/* between */b, a-/**/-b, a*/*x*/-1, c - --1
  2 FROM t;
SELECT v <-> '[3,1,2]' AS distance FROM item WHERE v <=> $1 < 0.4 ORDER BY v <-> $1::vector LIMIT 5;
SELECT inet '10.1.2.3' <<= cidr '10.1.0.0/16', '10.0.0.0/8' >> '10.9.9.9', inet '::1' + 5, ~ macaddr '08:00:2b:01:02:03', inet '192.168.1.6' & inet '0.0.0.255';

-- ---------------------------------------------------------------- constants

SELECT 'plain', 'it''s', '', '''', 'back\slash', 'semi;colon', '-- no comment', '/* nor this */', '$1 $$ ?', 'two
lines', 'tab	here';
SELECT 'alpha'
    'beta'
  'gamma' AS joined, 'x'

	'y', E'one\n'
  'two\n';
SELECT E'\'quoted\' \\ \b\f\n\r\t', e'octal \101 hex \x41 \x4a', E'\u00e4 \U0001F600', E'it''s', E'trailing\\', E'', e'\;';
SELECT U&'d\0061t\+000061', u&'sm!00F6rg' UESCAPE '!', U&'caf\00e9\\', U&"d\0061ta" FROM U&"t!0061ble" UESCAPE '!';
SELECT $$no tag 'quotes' \ and ; inside$$, $body$with $$ inside $other$ and $1$body$, $_$underscore$_$, $été$accents$été$, $a1$ -- not a comment $a1$, $$$$;
SELECT B'1011', b'', X'1Fa0', x'', B'10'
'01', N'national', n'lower';
SELECT 0, 42, 007, 2147483647, 2147483648, 9223372036854775807, 9223372036854775808, 123456789012345678901234567890;
SELECT 3.14, .5, 5., 1e10, 1.5E-7, .1e+3, 7.e2, 1E5, 0.0, 00.10;
SELECT 0x1F, 0XffFF, 0o17, 0O777, 0b1010, 0B1, 1_000_000, 0x_dead_beef, 0b_1111_0000, 0o_7_7, 1_0.5_0, 1_2e1_0, 0xFFFFFFFFFFFFFFFFF;
SELECT true, false, TRUE, null, NULL, 't'::bool, bool 'no', 'NaN'::float8, float8 'Infinity', '-inf'::numeric;
SELECT date '2032-02-29', time '04:05:06.789', time with time zone '04:05+02', timestamp '2032-02-29 12:00', timestamptz '2032-02-29 12:00:00+01', timestamp(3) with time zone '2032-02-29 12:00:00.1234 Asia/Tokyo', timestamp without time zone 'epoch', time(2) without time zone 'allballs', date 'infinity';
SELECT interval '1', interval '2 years 3 mons', interval '4' day, interval '5 06:07' day to minute, interval '5 06:07:08.9' day to second, interval '8.123456' second(3), interval '10:20' hour to minute, interval '1-2' year to month, interval(2) '1.23456 seconds', interval '3 4:05:06.78' day to second (1), interval 'P1Y2M3DT4H5M6S', INTERVAL '@ 1 minute ago';
SELECT int '5', int4 '6', bigint '-7', numeric(5, 2) '123.45', decimal '1', real '2', double precision '3', float(24) '4', char 'x', char(3) 'abc', character varying(9) 'vc', varchar 'vc', text 't', bit '101', bit(3) '101', bit varying '1', jsonb '{"a": [1, 2]}', uuid '6f1cb1f4-0000-4000-8000-0123456789ab', point '(1,2)', pg_catalog.int4 '9', "char" 'c', regclass 'pg_class', tsquery 'a & b', bytea '\xdeadbeef', xml '<a/>', money '12.50';
SELECT '12'::int, 12::text::varchar(4)::"char", x::numeric(10,2)[], y::int[][], z::integer array, z::integer array[4], w::int[3][4], -1::int2, (-1)::int2, 'a'::pg_catalog.text, '{}'::my_schema.my_type[], q::timestamp(0) with time zone, q::interval day to second(2), q::interval(4), s::setof_thing, p::time with time zone[] FROM t;
SELECT CAST('{1,2}' AS int[]), CAST($1 AS uuid), CAST(NULL AS timestamptz), CAST(CAST(a AS text) AS jsonb) FROM t;

-- ---------------------------------------------------------------- arrays and ranges

SELECT ARRAY[1, 2, 3], ARRAY[[1, 2], [3, 4]], ARRAY[]::text[], '{1,2,NULL}'::int[], ARRAY[ARRAY['a'], ARRAY['b']], ARRAY[1, 2] || 3, 0 || ARRAY[1], ARRAY[1] || ARRAY[[2], [3]];
SELECT a[1], a[1:2], a[:3], a[2:], a[:], a[1][2], a[1:2][2:3], a[i + 1], a[lo:hi], (f(x))[1], (ARRAY[4, 5])[2], ('{a,b}'::text[])[1], t.a[1], (t).a[t.n], a[-1:$1] FROM t;
SELECT a @> ARRAY[1], a <@ b, a && '{7,8}', a = '{}', array_length(a, 1), cardinality(a), unnest(a) FROM t WHERE 3 = ANY (a);
SELECT int4range(1, 10), '[3,7)'::int4range, numrange(1.1, 2.2, '(]'), daterange('2030-01-01', NULL, '[]'), '{[1,2), [5,8]}'::int4multirange, int4multirange(int4range(1, 3), int4range(8, 9));
SELECT r @> 4, r && int8range(2, 9), r -|- s, r << s, r >> s, r &< s, r &> s, r + s, r * s, r - s, lower(r), upper_inf(r), isempty(r) FROM ranges WHERE during @> $1::timestamptz;

-- ---------------------------------------------------------------- JSON

SELECT j -> 'a', j ->> 'a', j -> 0, j->-1, j #> '{a,b,2}', j #>> ARRAY['a', 'b'], j->'a'->>'b', (j->>'n')::int FROM doc;
SELECT j @> '{"on": true}', j <@ $1, j ? 'key', j ?| ARRAY['a', 'b'], j ?& '{a,b}', j || '{"c": 3}', j - 'a', j - '{a,b}'::text[], j - 1, j #- '{a,1}', j @? '$.items[*] ? (@.qty > 5)', j @@ '$.total > 100' FROM doc;
SELECT j['a'], j['a']['b'], j['list'][0], j[$1] FROM doc WHERE j['on'] = 'true';
SELECT jsonb_path_query(j, '$.walls[*] ? (@.height >= $min && @.height <= $max)', '{"min": 2, "max": 4}'), jsonb_path_exists(j, 'strict $."odd key".**{2 to last}'), jsonb_path_query_array(j, '$.a.b ? (@ like_regex "^x.*y$" flag "i")') FROM doc;
SELECT JSON_OBJECT('a' VALUE 1, 'b': 2, 'c' VALUE NULL ABSENT ON NULL WITH UNIQUE KEYS RETURNING jsonb), JSON_ARRAY(1, 'x', NULL NULL ON NULL), JSON_ARRAY(SELECT id FROM kiln ORDER BY id RETURNING jsonb), JSON_ARRAY(), JSON_OBJECT();
SELECT JSON_OBJECTAGG(k : v NULL ON NULL WITHOUT UNIQUE), JSON_OBJECTAGG(k VALUE v RETURNING jsonb) FILTER (WHERE k <> ''), JSON_ARRAYAGG(v ORDER BY k DESC ABSENT ON NULL) OVER (PARTITION BY g) FROM kv;
SELECT JSON('{"a":1,"a":2}' WITHOUT UNIQUE KEYS), JSON_SCALAR(12.5), JSON_SERIALIZE('[1]' RETURNING bytea FORMAT JSON ENCODING UTF8), x IS JSON, x IS NOT JSON, x IS JSON OBJECT WITH UNIQUE KEYS, x IS JSON ARRAY, x IS NOT JSON SCALAR FROM t;
SELECT JSON_EXISTS(j, '$.a ? (@ > $lim)' PASSING 5 AS lim TRUE ON ERROR), JSON_VALUE(j, 'lax $.n' RETURNING numeric(6, 2) DEFAULT -1 ON EMPTY NULL ON ERROR), JSON_QUERY(j, '$.list[*]' RETURNING jsonb WITH CONDITIONAL ARRAY WRAPPER KEEP QUOTES EMPTY ARRAY ON EMPTY ERROR ON ERROR), JSON_QUERY(j, '$.s' RETURNING text OMIT QUOTES ON SCALAR STRING) FROM doc;
SELECT jt.* FROM orders_json o, JSON_TABLE(o.body, '$.positions[*]' AS pos PASSING 3 AS least COLUMNS (nr FOR ORDINALITY, sku text PATH '$.sku', qty int PATH '$.qty' DEFAULT 1 ON EMPTY, has_note boolean EXISTS PATH '$.note', extra jsonb FORMAT JSON PATH '$.extra' WITHOUT WRAPPER, NESTED PATH '$.discounts[*]' AS dsc COLUMNS (pct numeric PATH '$.pct', NESTED '$.codes[*]' COLUMNS (code text PATH '$'))) ERROR ON ERROR) AS jt;
SELECT key, value FROM jsonb_each_text('{"a": "1", "b": null}'), json_array_elements('[1, [2]]') WITH ORDINALITY AS e (item, idx);

-- ---------------------------------------------------------------- full text search

SELECT to_tsvector('german', body) @@ to_tsquery('german', 'Wald & (Weg | Steig) & !Asphalt') FROM trail;
SELECT id, ts_rank_cd(tsv, q, 32) AS r, ts_headline('simple', body, q, 'StartSel=<b>, StopSel=</b>, MaxFragments=2') FROM trail, websearch_to_tsquery('"open fire" -propane or wood') q WHERE tsv @@ q ORDER BY r DESC LIMIT 10;
SELECT 'fat:1A cat:2B'::tsvector || 'sat:3'::tsvector, 'a <-> b <2> c'::tsquery, setweight(to_tsvector('x'), 'A'), phraseto_tsquery('über den Wolken') && plainto_tsquery($1), tsquery 'super:*';

-- ---------------------------------------------------------------- INSERT

INSERT INTO potter VALUES (1, 'Ilse', DEFAULT, NULL);
INSERT INTO potter (name, born, motto) VALUES ('Bruno', '1961-02-03', DEFAULT), ('Cilli', DEFAULT, 'clay first'), (DEFAULT, NULL, $1);
INSERT INTO potter DEFAULT VALUES;
INSERT INTO potter AS p (name) VALUES ('Dora') ON CONFLICT DO NOTHING;
INSERT INTO potter AS p (id, name, visits) VALUES ($1, $2, 1) ON CONFLICT (id) DO UPDATE SET name = excluded.name, visits = p.visits + 1 WHERE p.name IS DISTINCT FROM EXCLUDED.name RETURNING p.*, (xmax = 0) AS fresh;
INSERT INTO potter (email, name) SELECT lower(email), name FROM import_potter WHERE ok ON CONFLICT (lower(email) COLLATE "C" text_pattern_ops) WHERE active AND NOT banned DO UPDATE SET (name, seen) = (excluded.name, now());
INSERT INTO potter (id) VALUES (3) ON CONFLICT ON CONSTRAINT potter_pkey DO UPDATE SET (name, motto) = (SELECT n, m FROM import_potter i WHERE i.id = excluded.id), seen = DEFAULT;
INSERT INTO ledger (id, amount) OVERRIDING SYSTEM VALUE VALUES (1000, 12.5) RETURNING id;
INSERT INTO ledger OVERRIDING USER VALUE SELECT * FROM ledger_staging;
INSERT INTO board (game, cells[1][1:3], home.street, pos.x) VALUES (1, '{x,o,x}', 'Lindenweg', 4);
INSERT INTO films_seen TABLE films_planned;
INSERT INTO films_seen (SELECT * FROM films_planned ORDER BY added LIMIT 3) RETURNING *, seen_at + interval '1 day' AS "remind me";
WITH fresh AS (SELECT gen_random_uuid() AS id) INSERT INTO token (id, note) SELECT id, 'made' FROM fresh RETURNING WITH (OLD AS o, NEW AS n) o.id, n.id, n.*;
INSERT INTO potter (id, name) VALUES (9, 'Edda') ON CONFLICT (id) DO UPDATE SET name = excluded.name RETURNING old.name AS was, new.name AS is_now, old IS NULL AS inserted;
INSERT INTO reading (sensor, v) VALUES ($1, $2), ($3, $4), ($5, ($6::numeric + $7) / 2);

-- ---------------------------------------------------------------- UPDATE

UPDATE potter SET motto = 'turn, glaze, fire' WHERE name = 'Ilse';
UPDATE ONLY potter AS p SET visits = visits + 1, seen = DEFAULT WHERE p.id = $1 RETURNING p.visits;
UPDATE potter * SET seen = now();
UPDATE weather SET (low, high, rain) = (low + 1, low + 15, DEFAULT) WHERE city = 'Linz';
UPDATE weather SET (low, high) = ROW(1, 2), (rain) = (3);
UPDATE weather w SET (low, high) = (SELECT min(v), max(v) FROM reading r WHERE r.city = w.city) FROM region g JOIN land l USING (land_id) WHERE g.id = w.region_id AND l.code = 'AT';
UPDATE board SET cells[2] = 'x', cells[1:2][3:4] = '{{a,b},{c,d}}', home.street = 'Ringstraße', home.zip = '1010', doc['a']['b'] = '5' WHERE game = 2;
UPDATE batch SET cracked = true WHERE CURRENT OF batch_cursor;
WITH late AS (SELECT id FROM loan WHERE due < current_date FOR UPDATE SKIP LOCKED) UPDATE loan l SET fine = coalesce(fine, 0) + 0.20 FROM late WHERE late.id = l.id RETURNING l.id, l.fine;
UPDATE dish SET price = round(price * 1.1, 2) WHERE menu_id IN (SELECT id FROM menu WHERE season = 'winter') RETURNING old.price AS before, new.price AS after, new.price - old.price AS diff;
UPDATE dish d SET price = d.price - 1 RETURNING WITH (OLD AS was, NEW AS now_) was.*, now_.price;

-- ---------------------------------------------------------------- DELETE

DELETE FROM berth;
DELETE FROM ONLY berth AS b USING ship s, LATERAL (SELECT max(left_at) AS m FROM visit v WHERE v.ship_id = s.id) lv WHERE b.ship_id = s.id AND lv.m < '2029-01-01' RETURNING b.*;
DELETE FROM berth WHERE CURRENT OF c1;
DELETE FROM reading WHERE ctid = ANY (ARRAY(SELECT ctid FROM reading WHERE taken_at < now() - interval '30 days' ORDER BY taken_at FOR UPDATE LIMIT 5000));
WITH doomed AS (SELECT id FROM token WHERE expires < now()) DELETE FROM token USING doomed WHERE token.id = doomed.id RETURNING old.id, old.note;
DELETE FROM kiln k WHERE NOT EXISTS (SELECT 1 FROM batch b WHERE b.kiln_id = k.id) AND k.built < make_date(1950, 1, 1);

-- ---------------------------------------------------------------- MERGE

MERGE INTO account a USING movement m ON a.id = m.account_id WHEN MATCHED THEN UPDATE SET balance = balance + m.amount WHEN NOT MATCHED THEN INSERT (id, balance) VALUES (m.account_id, m.amount);
MERGE INTO cellar AS c
USING (SELECT wine, sum(delta) AS delta FROM cellar_changes GROUP BY wine) AS ch
ON ch.wine = c.wine
WHEN NOT MATCHED AND ch.delta > 0 THEN
  INSERT VALUES (ch.wine, ch.delta)
WHEN MATCHED AND c.bottles + ch.delta > 0 THEN
  UPDATE SET bottles = c.bottles + ch.delta
WHEN MATCHED THEN
  DELETE
RETURNING merge_action(), c.*;
MERGE INTO ONLY price_list p USING ONLY incoming i ON (p.sku = i.sku AND p.land = i.land) WHEN MATCHED AND i.price IS NULL THEN DO NOTHING WHEN MATCHED THEN UPDATE SET (price, touched) = (i.price, now()) WHEN NOT MATCHED BY TARGET THEN INSERT (sku, land, price) OVERRIDING SYSTEM VALUE VALUES (i.sku, i.land, DEFAULT) WHEN NOT MATCHED BY SOURCE AND p.land = 'IT' THEN UPDATE SET stale = true WHEN NOT MATCHED BY SOURCE THEN DELETE;
WITH src AS (SELECT $1::int AS id, $2::text AS label) MERGE INTO tag t USING src s ON t.id = s.id WHEN NOT MATCHED THEN INSERT DEFAULT VALUES WHEN MATCHED AND t.label <> s.label THEN UPDATE SET label = s.label RETURNING WITH (OLD AS o, NEW AS n) merge_action() AS act, o.label, n.label;

-- ---------------------------------------------------------------- parameters

SELECT $1, $2::text, $10 + $11, -$3, $4[1], ($5).*, $6.field, f($7, x => $8), $9 IS NULL, ARRAY[$12, $13], $1||$2;
SELECT * FROM reading WHERE sensor = $1 AND taken_at BETWEEN $2 AND $3 AND v IN ($4, $5, $6) AND note LIKE '%' || $7 || '%' AND kind = ANY ($8) ORDER BY CASE WHEN $9 THEN taken_at END, $10 LIMIT $11 OFFSET $12;
SELECT $1=$2,$3<$4,$5-$6,$7/$8 FROM t WHERE a=$9 and b=$10;
SELECT date_trunc($1, at), count(*) FROM visit GROUP BY 1, date_trunc($1, at) HAVING count(*) > $2 FETCH FIRST $3 ROWS ONLY;
SELECT sum(v) OVER (ORDER BY id ROWS BETWEEN $1 PRECEDING AND $2 FOLLOWING), interval '1 day' * $3, now() AT TIME ZONE $4 FROM reading TABLESAMPLE SYSTEM ($5);

-- ---------------------------------------------------------------- identifiers and comments

SELECT "Name", "two ""quotes""", "with space", "semi;colon", "--dashes", "/*star*/", "'single'", "$1", "UPPER"."MiXeD" FROM "My Schema"."My ""Table""";
SELECT größe, ñandú, "Übergröße", 名前, _under, _1, a$b, a$1, x1$$ FROM tür;
SELECT "🙂", 🙂, "ключ"."значение" FROM "таблица" AS 🚋;
SELECT t.user, t.end, t.case, t.null, t.desc, t.all, t.*, "t"."in", t . spaced , t./*c*/commented FROM t;
SELECT database.schema_x.tbl.col, schema_x.tbl.*, schema_x.fn(1) FROM database.schema_x.tbl;
SELECT/**/1/* a */+/* b /* nested /* deeper */ */ */2--tail
;
-- a comment line before, with 'quote and "other and $$ and ;
/* a block
   over lines; with ; and ' and -- inside
   /* and a nested one */ */ SELECT /* first */ a, -- the a; of t
       b /* the b */
FROM t -- from
/* where */ WHERE /* not */ a /* is */ = /* one */ 1 /*;*/;
SELECT 1 /*/ odd /*/ */ */, 2 /***/, 3 /****/, 4 --/* not opened
, 5 /* -- closed */, 6;
SELECT a/**/./**/b, 'x'/**/::/**/text, - -1, 4/ /**/2 FROM a;
SELECT	'tabs'	,	1
	FROM
		t


	WHERE	a	=	1;
select distinct on(a)a,b from t where(a)in(1,2)and not(b)or c order by a,b;
SELECT 1e1 AS e, 1 AS x1, 5 AS _5, 'a'AS b, (1.5)AS c, t.a"alias" FROM t;
SeLeCt CoUnT(*) FrOm KiLn WhErE iD iS nOt NuLl;

-- ---------------------------------------------------------------- CREATE TABLE

CREATE TABLE kiln (id integer PRIMARY KEY, name text NOT NULL, built date, volume numeric(8, 3) DEFAULT 0.5 CHECK (volume > 0));
CREATE TABLE IF NOT EXISTS batch (
    id bigint GENERATED ALWAYS AS IDENTITY (START WITH 100 INCREMENT BY 10 CACHE 5) PRIMARY KEY,
    kiln_id integer NOT NULL REFERENCES kiln (id) MATCH FULL ON DELETE CASCADE ON UPDATE RESTRICT DEFERRABLE INITIALLY DEFERRED,
    label varchar(40) COLLATE "C" CONSTRAINT label_filled CHECK (label <> '') NO INHERIT,
    temperature real NULL,
    weight double precision STORAGE PLAIN,
    notes text STORAGE EXTENDED COMPRESSION lz4,
    code char(8) UNIQUE NULLS NOT DISTINCT WITH (fillfactor = 70) USING INDEX TABLESPACE fast,
    total numeric GENERATED ALWAYS AS (weight * 2) STORED,
    shown text GENERATED ALWAYS AS (upper(label)) VIRTUAL,
    seq int GENERATED BY DEFAULT AS IDENTITY,
    tags text[] DEFAULT '{}'::text[],
    grid int[3][3],
    made timestamp(3) with time zone DEFAULT now(),
    CONSTRAINT batch_label_uq UNIQUE (kiln_id, label) INCLUDE (made) DEFERRABLE,
    CHECK (temperature BETWEEN -20 AND 1400) NOT ENFORCED,
    FOREIGN KEY (kiln_id, code) REFERENCES site.slot ON DELETE SET NULL (code),
    CONSTRAINT no_overlap EXCLUDE USING gist (kiln_id WITH =, tstzrange(made, made + interval '1 hour') WITH &&) WHERE (temperature > 600)
);
CREATE TEMP TABLE scratch (LIKE batch INCLUDING ALL EXCLUDING INDEXES, extra jsonb) ON COMMIT DROP;
CREATE UNLOGGED TABLE visit_log (id int, at timestamptz) WITH (autovacuum_enabled = false, fillfactor = 90) TABLESPACE bulk;
CREATE GLOBAL TEMPORARY TABLE IF NOT EXISTS session_cart (sku text) ON COMMIT DELETE ROWS;
CREATE TABLE reading (sensor int, taken_at timestamptz, v numeric) PARTITION BY RANGE (taken_at, (sensor % 10) int4_ops);
CREATE TABLE reading_2031 PARTITION OF reading FOR VALUES FROM ('2031-01-01', MINVALUE) TO ('2032-01-01', MAXVALUE);
CREATE TABLE reading_rest PARTITION OF reading (sensor WITH OPTIONS NOT NULL, CONSTRAINT v_pos CHECK (v > 0)) DEFAULT;
CREATE TABLE land PARTITION OF world FOR VALUES IN ('at', 'de', NULL) PARTITION BY HASH (id);
CREATE TABLE land_0 PARTITION OF land FOR VALUES WITH (MODULUS 4, REMAINDER 0) USING heap;
CREATE TABLE capital (region char(2)) INHERITS (city, archive.place);
CREATE TABLE person_row OF person_type (PRIMARY KEY (id), name WITH OPTIONS DEFAULT 'unnamed');
CREATE TABLE hot_batch (id, label) WITH (fillfactor = 80) AS SELECT id, label FROM batch WHERE temperature > 1250 WITH NO DATA;
CREATE TABLE copy_of AS TABLE kiln;
CREATE TABLE run_of AS EXECUTE recent_batches('2031-01-01');
CREATE TABLE booking (room int, during tstzrange, guest int, PRIMARY KEY (room, during WITHOUT OVERLAPS), CONSTRAINT fk_room FOREIGN KEY (room, PERIOD during) REFERENCES room_open (room, PERIOD during));
CREATE TABLE zoo."Gehege" ("id" serial, "größe m²" numeric, "key" text NOT NULL NO INHERIT, "select" int, value int, year int, CONSTRAINT "id nn" NOT NULL "id");
CREATE FOREIGN TABLE remote_kiln (id int OPTIONS (column_name 'kid') NOT NULL, name text) SERVER far_away OPTIONS (schema_name 'public', table_name 'kiln');
SELECT id, label INTO TEMP TABLE picked FROM batch WHERE id % 2 = 0;

-- ---------------------------------------------------------------- CREATE INDEX

CREATE INDEX ON batch (kiln_id);
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS batch_lower_label ON ONLY archive.batch USING btree (lower(label) COLLATE "C" text_pattern_ops ASC NULLS LAST, (weight * 2) DESC NULLS FIRST) INCLUDE (made, code) NULLS NOT DISTINCT WITH (fillfactor = 70, deduplicate_items = off) TABLESPACE fast WHERE temperature IS NOT NULL AND label <> 'x';
CREATE INDEX doc_gin ON doc USING gin (j jsonb_path_ops) WITH (fastupdate = off);
CREATE INDEX trail_tsv ON trail USING gist (tsv tsvector_ops (siglen = 100));
CREATE INDEX reading_brin ON reading USING brin (taken_at timestamptz_minmax_multi_ops) WITH (pages_per_range = 32);
CREATE INDEX item_vec ON item USING hnsw (v vector_cosine_ops) WITH (m = 16, ef_construction = 64);
CREATE INDEX tok ON token USING hash (note);
CREATE STATISTICS IF NOT EXISTS shoe_stats (ndistinct, dependencies, mcv) ON brand, size, (lower(colour)) FROM shoe;

-- ---------------------------------------------------------------- views

CREATE VIEW hot AS SELECT * FROM batch WHERE temperature > 1250;
CREATE OR REPLACE TEMP VIEW mine (id, label) WITH (security_barrier = true, security_invoker) AS SELECT id, label FROM batch WHERE owner = current_user WITH LOCAL CHECK OPTION;
CREATE RECURSIVE VIEW public.steps (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM steps WHERE n < 50;
CREATE MATERIALIZED VIEW IF NOT EXISTS monthly USING heap WITH (fillfactor = 95) TABLESPACE bulk AS SELECT date_trunc('month', made) AS m, count(*) FROM batch GROUP BY 1 WITH NO DATA;
CREATE OR REPLACE RULE log_hot AS ON UPDATE TO hot WHERE new.label <> old.label DO ALSO INSERT INTO rule_log VALUES (old.id, new.label, current_timestamp);
CREATE RULE no_delete AS ON DELETE TO hot DO INSTEAD NOTHING;

-- ---------------------------------------------------------------- functions, procedures, triggers

CREATE FUNCTION twice(integer) RETURNS integer LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS 'select $1 * 2;';
CREATE OR REPLACE FUNCTION shop.discount(IN price numeric, pct numeric DEFAULT 10, VARIADIC codes text[] = '{}', OUT net numeric, INOUT note text DEFAULT NULL) LANGUAGE plpgsql STABLE SECURITY DEFINER COST 50 SET search_path = shop, pg_temp SET work_mem TO '8MB' AS $fn$
DECLARE
  f constant numeric := 1 - pct / 100.0;
BEGIN
  net := price * f; -- rounded by the caller
  IF array_length(codes, 1) > 0 THEN
    note := format('%s codes; %L', array_length(codes, 1), codes[1]);
  END IF;
  EXECUTE $q$ select count(*) from t where a = $1 $q$ USING price;
END;
$fn$;
CREATE FUNCTION tall_ones(min_height numeric) RETURNS TABLE (id int, height numeric) AS $$ SELECT id, height FROM tree WHERE height >= min_height; $$ LANGUAGE SQL ROWS 200;
CREATE FUNCTION rows_of(kiln) RETURNS SETOF batch STABLE RETURN NULL;
CREATE FUNCTION area(w float8, h float8) RETURNS float8 LANGUAGE SQL IMMUTABLE RETURNS NULL ON NULL INPUT RETURN w * h;
CREATE FUNCTION c_hash(text, int4) RETURNS int8 AS '$libdir/hashes', 'c_hash_text' LANGUAGE c CALLED ON NULL INPUT LEAKPROOF;
CREATE OR REPLACE PROCEDURE move_money(a int, b int, amount numeric) LANGUAGE plpgsql AS $$ BEGIN UPDATE account SET balance = balance - amount WHERE id = a; UPDATE account SET balance = balance + amount WHERE id = b; COMMIT; END $$;
CREATE TRIGGER touch BEFORE INSERT OR UPDATE OF label, weight ON batch FOR EACH ROW WHEN (NEW.label IS DISTINCT FROM 'x' AND NEW.weight > 0) EXECUTE FUNCTION set_touched('made', 5);
CREATE OR REPLACE TRIGGER audit AFTER DELETE OR TRUNCATE ON batch REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE PROCEDURE audit_it();
CREATE CONSTRAINT TRIGGER check_sum AFTER UPDATE ON account FROM branch DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_sum();
CREATE TRIGGER view_ins INSTEAD OF INSERT ON hot FOR ROW EXECUTE FUNCTION hot_insert();
CREATE EVENT TRIGGER no_drops ON sql_drop WHEN TAG IN ('DROP TABLE', 'DROP VIEW') EXECUTE FUNCTION forbid();
CREATE AGGREGATE geo_mean (float8) (SFUNC = gm_step, STYPE = float8[], FINALFUNC = gm_end, INITCOND = '{0,0}', PARALLEL = SAFE);
CREATE OPERATOR shop.<%%> (LEFTARG = box, RIGHTARG = box, FUNCTION = near_box, COMMUTATOR = OPERATOR(shop.<%%>), NEGATOR = <!%>, RESTRICT = areasel, HASHES);
CREATE OPERATOR CLASS abs_ops DEFAULT FOR TYPE int4 USING btree FAMILY abs_fam AS OPERATOR 1 <, OPERATOR 3 = (int4, int4), FUNCTION 1 abs_cmp(int4, int4), STORAGE int4;
CREATE CAST (bigint AS shop.cents) WITH FUNCTION to_cents(bigint) AS ASSIGNMENT;
CREATE LANGUAGE plsample HANDLER plsample_call VALIDATOR plsample_check;

-- ---------------------------------------------------------------- types, domains, sequences, schemas, others

CREATE TYPE mood AS ENUM ('glad', 'so-so', 'it''s bad');
CREATE TYPE person_type AS (id int, name text COLLATE "C", home address[]);
CREATE TYPE float_span AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = float8mi, MULTIRANGE_TYPE_NAME = float_spans);
CREATE TYPE shell_only;
CREATE TYPE boxed (INPUT = boxed_in, OUTPUT = boxed_out, INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = extended);
CREATE DOMAIN plz AS text COLLATE "C" DEFAULT '0000' CONSTRAINT plz_form CHECK (VALUE ~ '^\d{4}$') NOT NULL;
CREATE SEQUENCE IF NOT EXISTS ticket_no AS smallint INCREMENT BY -1 MINVALUE -500 NO MAXVALUE START -1 CACHE 3 CYCLE OWNED BY ticket.no;
CREATE SCHEMA IF NOT EXISTS zoo AUTHORIZATION CURRENT_USER;
CREATE SCHEMA AUTHORIZATION keeper CREATE TABLE cage (id int) CREATE VIEW cages AS SELECT * FROM cage GRANT SELECT ON cage TO visitor;
CREATE EXTENSION IF NOT EXISTS "uuid-ossp" WITH SCHEMA ext VERSION '1.1' CASCADE;
CREATE DATABASE trams WITH OWNER = driver ENCODING 'UTF8' TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'de-AT' CONNECTION LIMIT 50;
CREATE COLLATION numeric_sort (provider = icu, locale = 'en-u-kn-true', deterministic = false);
CREATE TEXT SEARCH CONFIGURATION public.alpine (COPY = pg_catalog.german);
CREATE PUBLICATION outgoing FOR TABLE kiln (id, name) WHERE (built > '2000-01-01'), ONLY batch, TABLES IN SCHEMA zoo WITH (publish = 'insert, update', publish_generated_columns = stored);
CREATE SUBSCRIPTION incoming CONNECTION 'host=10.0.0.7 dbname=trams' PUBLICATION outgoing, "other one" WITH (copy_data = false, slot_name = NONE);
CREATE SERVER far_away TYPE 'pg' VERSION '18' FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '10.0.0.8', dbname 'kilns');
CREATE USER MAPPING IF NOT EXISTS FOR PUBLIC SERVER far_away OPTIONS (user 'guest', password 'not-a-real-one');
CREATE TABLESPACE fast OWNER keeper LOCATION '/mnt/nvme0/pg' WITH (random_page_cost = 1.1);
CREATE ACCESS METHOD column_store TYPE TABLE HANDLER column_store_handler;
IMPORT FOREIGN SCHEMA public LIMIT TO (kiln, batch) FROM SERVER far_away INTO local_copy OPTIONS (import_default 'true');

-- ---------------------------------------------------------------- policies, roles, grants, comments

CREATE POLICY own_rows ON batch AS RESTRICTIVE FOR UPDATE TO potter_role, CURRENT_USER USING (owner = current_setting('app.potter_id', true)::int) WITH CHECK (weight < 100);
CREATE POLICY all_see ON kiln FOR SELECT TO PUBLIC USING (true);
CREATE ROLE keeper WITH LOGIN NOSUPERUSER CREATEDB NOINHERIT CONNECTION LIMIT 3 PASSWORD 'change-me' VALID UNTIL '2035-01-01' IN ROLE staff, visitor ADMIN boss;
CREATE USER visitor;
CREATE GROUP feeders WITH USER keeper, visitor;
ALTER ROLE keeper IN DATABASE trams SET statement_timeout = '30s';
ALTER ROLE ALL RESET work_mem;
ALTER USER visitor WITH PASSWORD NULL NOLOGIN;
GRANT SELECT, INSERT (id, label), UPDATE (label) ON TABLE batch, kiln TO keeper, GROUP feeders, PUBLIC WITH GRANT OPTION GRANTED BY CURRENT_ROLE;
GRANT ALL PRIVILEGES ON ALL TABLES IN SCHEMA zoo, public TO keeper;
GRANT USAGE ON SCHEMA zoo TO visitor;
GRANT EXECUTE ON FUNCTION twice(integer), shop.discount(IN price numeric, numeric, VARIADIC text[]) TO visitor;
GRANT staff, feeders TO keeper WITH ADMIN TRUE, INHERIT FALSE, SET OPTION;
GRANT SET, ALTER SYSTEM ON PARAMETER work_mem, app.mode TO keeper;
REVOKE GRANT OPTION FOR DELETE, TRUNCATE, MAINTAIN ON batch FROM keeper CASCADE;
REVOKE ADMIN OPTION FOR staff FROM keeper GRANTED BY boss RESTRICT;
REVOKE ALL ON SEQUENCE ticket_no, other_no FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE keeper IN SCHEMA zoo GRANT SELECT ON TABLES TO visitor;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON ROUTINES FROM PUBLIC;
REASSIGN OWNED BY keeper, CURRENT_USER TO boss;
DROP OWNED BY visitor CASCADE;
COMMENT ON TABLE zoo."Gehege" IS 'one row for each enclosure; it''s small';
COMMENT ON COLUMN batch.label IS E'shown to\nvisitors';
COMMENT ON FUNCTION twice(integer) IS NULL;
COMMENT ON OPERATOR shop.<%%> (box, box) IS 'near';
COMMENT ON CONSTRAINT no_overlap ON batch IS $c$no two at once$c$;
COMMENT ON CAST (bigint AS shop.cents) IS 'assignment only';
SECURITY LABEL FOR selinux ON TABLE kiln IS 'system_u:object_r:sepgsql_table_t:s0';

-- ---------------------------------------------------------------- ALTER

ALTER TABLE batch ADD COLUMN shelf integer;
ALTER TABLE IF EXISTS ONLY batch ADD COLUMN IF NOT EXISTS moved timestamptz DEFAULT now() NOT NULL, DROP COLUMN IF EXISTS shelf CASCADE, ALTER COLUMN label TYPE text USING label || '!', ALTER weight SET DEFAULT 1.0, ALTER COLUMN weight DROP NOT NULL, ALTER notes SET STATISTICS 500, ALTER notes SET STORAGE EXTERNAL, ALTER notes SET COMPRESSION pglz, ALTER label SET (n_distinct = -0.5);
ALTER TABLE batch ADD CONSTRAINT batch_w CHECK (weight < 500) NOT VALID, VALIDATE CONSTRAINT batch_label_uq, DROP CONSTRAINT IF EXISTS old_one RESTRICT, ALTER CONSTRAINT batch_kiln_fk NOT DEFERRABLE;
ALTER TABLE batch ADD CONSTRAINT batch_nn NOT NULL temperature NOT VALID, ALTER CONSTRAINT batch_kiln_fk NOT ENFORCED, ALTER COLUMN total SET EXPRESSION AS (weight * 3), ALTER shown DROP EXPRESSION IF EXISTS;
ALTER TABLE batch ADD CONSTRAINT batch_pk2 PRIMARY KEY USING INDEX batch_pk2_idx, ALTER seq SET GENERATED ALWAYS SET INCREMENT BY 2 RESTART WITH 8, ALTER seq DROP IDENTITY IF EXISTS;
ALTER TABLE batch ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY, DISABLE TRIGGER USER, ENABLE REPLICA TRIGGER touch, CLUSTER ON batch_pkey, SET UNLOGGED, SET ACCESS METHOD DEFAULT, OWNER TO SESSION_USER, REPLICA IDENTITY USING INDEX batch_pkey, INHERIT parent_batch, RESET (fillfactor);
ALTER TABLE reading ATTACH PARTITION reading_2033 FOR VALUES FROM ('2033-01-01') TO ('2034-01-01');
ALTER TABLE reading DETACH PARTITION reading_2031 CONCURRENTLY;
ALTER TABLE batch RENAME COLUMN label TO title;
ALTER TABLE batch RENAME CONSTRAINT batch_w TO batch_weight;
ALTER TABLE zoo."Gehege" RENAME TO enclosure;
ALTER TABLE enclosure SET SCHEMA archive;
ALTER TABLE ALL IN TABLESPACE slow OWNED BY keeper SET TABLESPACE fast NOWAIT;
ALTER INDEX batch_lower_label SET (fillfactor = 60);
ALTER INDEX parent_idx ATTACH PARTITION child_idx;
ALTER VIEW hot ALTER COLUMN label SET DEFAULT 'none';
ALTER MATERIALIZED VIEW monthly RENAME TO per_month;
ALTER SEQUENCE ticket_no RESTART WITH 50 OWNED BY NONE;
ALTER TYPE mood ADD VALUE IF NOT EXISTS 'great' BEFORE 'glad';
ALTER TYPE mood RENAME VALUE 'so-so' TO 'fair';
ALTER TYPE person_type ADD ATTRIBUTE born date CASCADE, DROP ATTRIBUTE IF EXISTS home, ALTER ATTRIBUTE name SET DATA TYPE varchar(80);
ALTER DOMAIN plz DROP CONSTRAINT IF EXISTS plz_form;
ALTER FUNCTION twice(integer) OWNER TO boss;
ALTER FUNCTION shop.discount(numeric, numeric, text[]) VOLATILE SECURITY INVOKER RESET ALL;
ALTER PROCEDURE move_money DEPENDS ON EXTENSION bank;
ALTER POLICY own_rows ON batch TO PUBLIC USING (owner IS NOT NULL);
ALTER SYSTEM SET max_wal_size = '4GB';
ALTER DATABASE trams SET default_transaction_isolation TO 'repeatable read';
ALTER SCHEMA zoo RENAME TO garden;
ALTER PUBLICATION outgoing SET TABLE kiln, batch WHERE (weight > 1);
ALTER TRIGGER touch ON batch RENAME TO touch_row;
ALTER EXTENSION hstore UPDATE TO '1.8';
ALTER OPERATOR shop.<%%> (box, box) SET (RESTRICT = NONE, JOIN = areajoinsel);
ALTER TEXT SEARCH CONFIGURATION alpine ALTER MAPPING FOR word, asciiword WITH unaccent, german_stem;
ALTER STATISTICS shoe_stats SET STATISTICS 1000;
ALTER EVENT TRIGGER no_drops DISABLE;

-- ---------------------------------------------------------------- DROP and TRUNCATE

DROP TABLE IF EXISTS scratch, archive.old_batch, "My ""Table""" CASCADE;
DROP VIEW hot, mine RESTRICT;
DROP INDEX CONCURRENTLY IF EXISTS batch_lower_label;
DROP FUNCTION IF EXISTS twice(integer), shop.discount, area(w float8, h float8) CASCADE;
DROP AGGREGATE geo_mean (float8), counter (*);
DROP OPERATOR IF EXISTS shop.<%%> (box, box), ~~~ (NONE, bit);
DROP TRIGGER IF EXISTS touch ON batch;
DROP POLICY all_see ON kiln;
DROP TYPE mood, person_type;
DROP MATERIALIZED VIEW per_month;
DROP SEQUENCE ticket_no, other_no;
DROP SCHEMA IF EXISTS garden, zoo CASCADE;
DROP DATABASE IF EXISTS trams WITH (FORCE);
DROP ROLE IF EXISTS visitor, feeders;
DROP CAST IF EXISTS (bigint AS shop.cents);
DROP ROUTINE move_money(int, int, numeric);
TRUNCATE batch;
TRUNCATE TABLE ONLY kiln, batch *, archive.reading RESTART IDENTITY CASCADE;

-- ---------------------------------------------------------------- COPY

COPY kiln TO STDOUT;
COPY kiln (id, name) FROM STDIN WITH (FORMAT csv, HEADER match, DELIMITER ';', NULL '\N', QUOTE '"', ESCAPE E'\\', FORCE_NOT_NULL (name), ENCODING 'LATIN1', ON_ERROR ignore, REJECT_LIMIT 10, LOG_VERBOSITY verbose);
COPY (SELECT id, label FROM batch WHERE weight > 3 ORDER BY id) TO '/tmp/batch.csv' WITH (FORMAT csv, HEADER, FORCE_QUOTE *);
COPY batch FROM PROGRAM 'gunzip < /tmp/batch.gz' WHERE weight IS NOT NULL;
COPY BINARY kiln TO '/tmp/kiln.bin';
COPY kiln FROM STDIN DELIMITER '|' NULL AS '' CSV HEADER QUOTE AS '''';
COPY (DELETE FROM berth RETURNING *) TO STDOUT (FORMAT binary, FREEZE false);

-- ---------------------------------------------------------------- EXPLAIN, prepared statements, cursors

EXPLAIN SELECT * FROM batch;
EXPLAIN ANALYZE VERBOSE UPDATE kiln SET name = name;
EXPLAIN (ANALYZE, BUFFERS off, COSTS false, TIMING, WAL on, SERIALIZE text, MEMORY, SETTINGS true, SUMMARY, FORMAT json) WITH x AS (SELECT 1) SELECT * FROM x;
EXPLAIN (GENERIC_PLAN) SELECT * FROM batch WHERE id = $1;
EXPLAIN CREATE TABLE t2 AS SELECT * FROM t1;
EXPLAIN EXECUTE by_kiln(4);
PREPARE by_kiln (int, text) AS SELECT * FROM batch WHERE kiln_id = $1 AND label = $2;
PREPARE bare AS INSERT INTO token (note) VALUES ($1) RETURNING id;
EXECUTE by_kiln(4, 'blue');
EXECUTE bare;
DEALLOCATE PREPARE by_kiln;
DEALLOCATE ALL;
DECLARE c1 CURSOR FOR SELECT * FROM berth;
DECLARE c2 BINARY INSENSITIVE NO SCROLL CURSOR WITH HOLD FOR SELECT id FROM batch ORDER BY id FOR UPDATE;
FETCH c1;
FETCH FORWARD 20 FROM c1;
FETCH ABSOLUTE -1 IN c2;
FETCH PRIOR FROM "Cursor 3";
MOVE BACKWARD ALL IN c1;
MOVE RELATIVE 5 FROM c1;
CLOSE c1;
CLOSE ALL;

-- ---------------------------------------------------------------- transactions

BEGIN;
BEGIN TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ ONLY, DEFERRABLE;
START TRANSACTION READ WRITE ISOLATION LEVEL REPEATABLE READ;
SAVEPOINT before_loop;
ROLLBACK TO SAVEPOINT before_loop;
ROLLBACK WORK TO before_loop;
RELEASE SAVEPOINT before_loop;
SET TRANSACTION SNAPSHOT '00000003-0000001B-1';
SET TRANSACTION ISOLATION LEVEL READ COMMITTED READ WRITE NOT DEFERRABLE;
SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY;
SET CONSTRAINTS ALL DEFERRED;
SET CONSTRAINTS no_overlap, archive.other IMMEDIATE;
PREPARE TRANSACTION 'tx-17';
COMMIT PREPARED 'tx-17';
ROLLBACK PREPARED 'tx-18';
COMMIT AND CHAIN;
ROLLBACK AND NO CHAIN;
END WORK;
ABORT TRANSACTION;

-- ---------------------------------------------------------------- maintenance and session

LOCK TABLE ONLY kiln, batch * IN SHARE ROW EXCLUSIVE MODE NOWAIT;
LOCK kiln;
VACUUM;
VACUUM FULL FREEZE VERBOSE ANALYZE batch (id, label);
VACUUM (ANALYZE, INDEX_CLEANUP auto, PARALLEL 4, SKIP_LOCKED, BUFFER_USAGE_LIMIT '256 MB') ONLY batch, kiln (name);
ANALYZE VERBOSE batch (label), kiln;
ANALYZE (SKIP_LOCKED, VERBOSE false) ONLY reading;
REFRESH MATERIALIZED VIEW CONCURRENTLY monthly WITH DATA;
REINDEX (VERBOSE, TABLESPACE fast) TABLE CONCURRENTLY batch;
REINDEX SYSTEM trams;
CLUSTER VERBOSE batch USING batch_pkey;
CLUSTER;
CHECKPOINT;
LISTEN "kiln events";
NOTIFY kiln_events, 'it''s hot; 1280';
UNLISTEN *;
SET search_path TO zoo, "$user", public;
SET LOCAL work_mem = '64MB';
SET SESSION statement_timeout = 5000;
SET app.tenant_id = 'abc-123';
SET TIME ZONE 'Europe/Vienna';
SET TIME ZONE INTERVAL '-08:00' HOUR TO MINUTE;
SET LOCAL TIME ZONE DEFAULT;
SET NAMES 'UTF8';
SET SCHEMA 'zoo';
SET ROLE NONE;
SET SESSION AUTHORIZATION DEFAULT;
SET seed TO 0.25;
SET enable_seqscan TO off;
SET extra_float_digits = -1;
SET XML OPTION DOCUMENT;
SHOW search_path;
SHOW ALL;
SHOW TIME ZONE;
SHOW TRANSACTION ISOLATION LEVEL;
RESET app.tenant_id;
RESET ALL;
DISCARD TEMP;
LOAD 'auto_explain';
DO $$ BEGIN PERFORM 1; END $$;
DO LANGUAGE plpgsql $do$
DECLARE r record;
BEGIN
  FOR r IN SELECT id FROM kiln LOOP
    RAISE NOTICE 'kiln %; next', r.id;
  END LOOP;
END
$do$;
CALL move_money(1, 2, 30.00);
CALL zoo.feed(keeper => 'Ilse', VARIADIC animals => ARRAY['lynx', 'ibex']);
