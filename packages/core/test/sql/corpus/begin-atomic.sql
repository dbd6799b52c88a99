-- Written for these tests after the forms of CREATE FUNCTION and CREATE PROCEDURE with BEGIN ATOMIC bodies in the PostgreSQL 18 documentation; statements are parted by a blank line and hold none.

CREATE FUNCTION empty_body() RETURNS void LANGUAGE SQL BEGIN ATOMIC END;

CREATE FUNCTION add_two(x int, y int) RETURNS int
LANGUAGE SQL IMMUTABLE
BEGIN ATOMIC
  SELECT x + y;
END;

CREATE OR REPLACE FUNCTION shop.grade(points numeric, VARIADIC bonus int[] DEFAULT '{}')
RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT CASE WHEN points > 90 THEN 'top' WHEN points > 50 THEN CASE cardinality(bonus) WHEN 0 THEN 'mid' ELSE 'mid+' END ELSE 'low; very' END; -- a comment; with END
END;

CREATE FUNCTION open_loans(reader bigint, OUT loan_id bigint, OUT due date) RETURNS SETOF record
BEGIN ATOMIC
  WITH mine AS (SELECT l.id, l.due FROM loan l WHERE l.reader_id = open_loans.reader)
  SELECT id, due FROM mine WHERE due > current_date ORDER BY due;
END;

CREATE FUNCTION log_and_count(msg text) RETURNS bigint LANGUAGE SQL VOLATILE SECURITY DEFINER SET search_path = app, pg_temp
BEGIN ATOMIC
  INSERT INTO log_line (body, at) VALUES (msg, now()), ('/* ; */', DEFAULT);
  UPDATE log_stat SET lines = lines + 2 WHERE day = current_date;
  /* block; comment /* nested; END; */ */
  DELETE FROM log_line WHERE at < now() - interval '90 days';
  SELECT count(*) FROM log_line;
END;

CREATE FUNCTION positional(int, text) RETURNS text LANGUAGE SQL BEGIN ATOMIC SELECT $2 || $1::text; END;

CREATE PROCEDURE settle(IN account_no int, INOUT total numeric DEFAULT 0)
LANGUAGE SQL
BEGIN ATOMIC
  INSERT INTO settlement (account_no, total) VALUES (account_no, total) ON CONFLICT (account_no) DO UPDATE SET total = excluded.total;
  MERGE INTO balance b USING settlement s ON s.account_no = b.account_no
    WHEN MATCHED THEN UPDATE SET amount = b.amount - s.total
    WHEN NOT MATCHED THEN INSERT (account_no, amount) VALUES (s.account_no, -s.total);
  SELECT sum(s.total) FROM settlement s;
END;

CREATE OR REPLACE FUNCTION "Größte"(VARIADIC "werte" numeric[]) RETURNS TABLE ("rang" int, "wert; roh" numeric)
LANGUAGE SQL
BEGIN ATOMIC
  SELECT row_number() OVER (ORDER BY w DESC)::int, w FROM unnest("werte") AS u (w);
END;

CREATE FUNCTION last_wins() RETURNS int
BEGIN ATOMIC
  VALUES (1);
  TABLE digits;
  RETURN 3;
END;
