-- Written for these tests after the query forms of the TPC-H benchmark (Q1 to Q22); names of derived columns, values and wording are our own.

-- Form of Q1: one-table aggregation up to a date computed by interval arithmetic
SELECT
    li.l_returnflag,
    li.l_linestatus,
    SUM(li.l_quantity) AS qty_total,
    SUM(li.l_extendedprice) AS price_total,
    SUM(li.l_extendedprice * (1 - li.l_discount)) AS net_total,
    SUM(li.l_extendedprice * (1 - li.l_discount) * (1 + li.l_tax)) AS gross_total,
    AVG(li.l_quantity) AS qty_mean,
    AVG(li.l_extendedprice) AS price_mean,
    AVG(li.l_discount) AS discount_mean,
    COUNT(*) AS lines
FROM lineitem AS li
WHERE li.l_shipdate <= DATE '1998-11-15' - INTERVAL '72' DAY
GROUP BY li.l_returnflag, li.l_linestatus
ORDER BY li.l_returnflag, li.l_linestatus;

-- Form of Q2: five-way comma join with a correlated minimum subquery
select
    sup.s_acctbal,
    sup.s_name,
    nat.n_name,
    prt.p_partkey,
    prt.p_mfgr,
    sup.s_address,
    sup.s_phone,
    sup.s_comment
from
    part prt,
    supplier sup,
    partsupp psu,
    nation nat,
    region reg
where
    prt.p_partkey = psu.ps_partkey
    and sup.s_suppkey = psu.ps_suppkey
    and prt.p_size = 23
    and prt.p_type like '%NICKEL'
    and sup.s_nationkey = nat.n_nationkey
    and nat.n_regionkey = reg.r_regionkey
    and reg.r_name = 'AFRICA'
    and psu.ps_supplycost = (
        select min(inner_psu.ps_supplycost)
        from partsupp inner_psu, supplier inner_sup, nation inner_nat, region inner_reg
        where prt.p_partkey = inner_psu.ps_partkey
          and inner_sup.s_suppkey = inner_psu.ps_suppkey
          and inner_sup.s_nationkey = inner_nat.n_nationkey
          and inner_nat.n_regionkey = inner_reg.r_regionkey
          and inner_reg.r_name = 'AFRICA'
    )
order by sup.s_acctbal desc, nat.n_name, sup.s_name, prt.p_partkey
limit 75;

-- Form of Q3: three-way join, revenue per open order, top ten
SELECT l.l_orderkey, SUM(l.l_extendedprice * (1 - l.l_discount)) AS open_revenue, o.o_orderdate, o.o_shippriority
FROM customer c, orders o, lineitem l
WHERE c.c_mktsegment = 'HOUSEHOLD'
  AND c.c_custkey = o.o_custkey
  AND l.l_orderkey = o.o_orderkey
  AND o.o_orderdate < date '1995-06-08'
  AND l.l_shipdate > date '1995-06-08'
GROUP BY l.l_orderkey, o.o_orderdate, o.o_shippriority
ORDER BY open_revenue DESC, o.o_orderdate
FETCH FIRST 10 ROWS ONLY;

-- Form of Q4: semi join by EXISTS inside a quarter of a year
SELECT o_orderpriority, count(*) AS late_orders
FROM orders
WHERE o_orderdate >= DATE '1996-04-01'
  AND o_orderdate < DATE '1996-04-01' + INTERVAL '3' MONTH
  AND EXISTS (
    SELECT *
    FROM lineitem
    WHERE l_orderkey = o_orderkey
      AND l_commitdate < l_receiptdate
  )
GROUP BY o_orderpriority
ORDER BY o_orderpriority;

-- Form of Q5: six-way join down to the region, revenue per nation
select n_name, sum(l_extendedprice * (1 - l_discount)) as local_revenue
from customer
    join orders on c_custkey = o_custkey
    join lineitem on l_orderkey = o_orderkey
    join supplier on l_suppkey = s_suppkey and c_nationkey = s_nationkey
    join nation on s_nationkey = n_nationkey
    join region on n_regionkey = r_regionkey
where r_name = 'MIDDLE EAST'
  and o_orderdate >= date '1993-01-01'
  and o_orderdate < date '1993-01-01' + interval '1' year
group by n_name
order by local_revenue desc;

-- Form of Q6: scalar aggregate over a date range and a band of discounts
SELECT SUM(l_extendedprice * l_discount) AS extra_income
FROM lineitem
WHERE l_shipdate >= CAST('1997-01-01' AS date)
  AND l_shipdate < CAST('1997-01-01' AS date) + INTERVAL '1 year'
  AND l_discount BETWEEN 0.04 - 0.01 AND 0.04 + 0.01
  AND l_quantity < 25;

-- Form of Q7: derived table with two nation aliases, volume per pair and year
SELECT src, dst, shipped_in, SUM(net) AS traded
FROM (
    SELECT
        from_n.n_name AS src,
        to_n.n_name AS dst,
        EXTRACT(YEAR FROM l_shipdate) AS shipped_in,
        l_extendedprice * (1 - l_discount) AS net
    FROM supplier, lineitem, orders, customer, nation from_n, nation to_n
    WHERE s_suppkey = l_suppkey
      AND o_orderkey = l_orderkey
      AND c_custkey = o_custkey
      AND s_nationkey = from_n.n_nationkey
      AND c_nationkey = to_n.n_nationkey
      AND (
        (from_n.n_name = 'KENYA' AND to_n.n_name = 'PERU')
        OR (from_n.n_name = 'PERU' AND to_n.n_name = 'KENYA')
      )
      AND l_shipdate BETWEEN DATE '1995-01-01' AND DATE '1996-12-31'
) AS trades
GROUP BY src, dst, shipped_in
ORDER BY src, dst, shipped_in;

-- Form of Q8: share of one nation in a market, sum of a case over a sum
select
    yr,
    sum(case when supplier_nation = 'JAPAN' then net else 0 end) / sum(net) as market_share
from (
    select
        extract(year from o_orderdate) as yr,
        l_extendedprice * (1 - l_discount) as net,
        sn.n_name as supplier_nation
    from part, supplier, lineitem, orders, customer, nation cn, nation sn, region
    where p_partkey = l_partkey
      and s_suppkey = l_suppkey
      and l_orderkey = o_orderkey
      and o_custkey = c_custkey
      and c_nationkey = cn.n_nationkey
      and cn.n_regionkey = r_regionkey
      and r_name = 'ASIA'
      and s_nationkey = sn.n_nationkey
      and o_orderdate between date '1995-01-01' and date '1996-12-31'
      and p_type = 'PROMO BURNISHED TIN'
) as market
group by yr
order by yr;

-- Form of Q9: profit per nation and year, part name by pattern
SELECT grp.country, grp.yr, SUM(grp.margin) AS total_margin
FROM (
    SELECT
        n_name AS country,
        EXTRACT(year FROM o_orderdate) AS yr,
        l_extendedprice * (1 - l_discount) - ps_supplycost * l_quantity AS margin
    FROM part, supplier, lineitem, partsupp, orders, nation
    WHERE s_suppkey = l_suppkey
      AND ps_suppkey = l_suppkey
      AND ps_partkey = l_partkey
      AND p_partkey = l_partkey
      AND o_orderkey = l_orderkey
      AND s_nationkey = n_nationkey
      AND p_name LIKE '%lavender%'
) grp
GROUP BY grp.country, grp.yr
ORDER BY grp.country, grp.yr DESC;

-- Form of Q10: customers by returned goods, grouped over many columns, top twenty
SELECT c_custkey, c_name,
       SUM(l_extendedprice * (1 - l_discount)) AS lost_revenue,
       c_acctbal, n_name, c_address, c_phone, c_comment
FROM customer, orders, lineitem, nation
WHERE c_custkey = o_custkey
  AND l_orderkey = o_orderkey
  AND o_orderdate >= DATE '1994-07-01'
  AND o_orderdate < DATE '1994-07-01' + INTERVAL '3 months'
  AND l_returnflag = 'R'
  AND c_nationkey = n_nationkey
GROUP BY c_custkey, c_name, c_acctbal, c_phone, n_name, c_address, c_comment
ORDER BY lost_revenue DESC
LIMIT 20;

-- Form of Q11: having over an uncorrelated scalar subselect
select ps_partkey, sum(ps_supplycost * ps_availqty) as stock_value
from partsupp, supplier, nation
where ps_suppkey = s_suppkey
  and s_nationkey = n_nationkey
  and n_name = 'MOROCCO'
group by ps_partkey
having sum(ps_supplycost * ps_availqty) > (
    select sum(ps_supplycost * ps_availqty) * 0.00025
    from partsupp, supplier, nation
    where ps_suppkey = s_suppkey
      and s_nationkey = n_nationkey
      and n_name = 'MOROCCO'
)
order by stock_value desc;

-- Form of Q12: two case sums, column to column comparisons, short IN list
SELECT
    l_shipmode,
    SUM(CASE WHEN o_orderpriority = '1-URGENT' OR o_orderpriority = '2-HIGH' THEN 1 ELSE 0 END) AS pressing,
    SUM(CASE WHEN o_orderpriority <> '1-URGENT' AND o_orderpriority <> '2-HIGH' THEN 1 ELSE 0 END) AS relaxed
FROM orders, lineitem
WHERE o_orderkey = l_orderkey
  AND l_shipmode IN ('RAIL', 'TRUCK')
  AND l_commitdate < l_receiptdate
  AND l_shipdate < l_commitdate
  AND l_receiptdate >= DATE '1996-01-01'
  AND l_receiptdate < DATE '1996-01-01' + INTERVAL '1' YEAR
GROUP BY l_shipmode
ORDER BY l_shipmode;

-- Form of Q13: histogram over a left join with NOT LIKE in the join condition, column aliases on the derived table
SELECT n_orders, COUNT(*) AS n_customers
FROM (
    SELECT c_custkey, COUNT(o_orderkey)
    FROM customer
    LEFT OUTER JOIN orders
        ON c_custkey = o_custkey
        AND o_comment NOT LIKE '%unusual%packages%'
    GROUP BY c_custkey
) AS per_customer (c_custkey, n_orders)
GROUP BY n_orders
ORDER BY n_customers DESC, n_orders DESC;

-- Form of Q14: percentage of a case sum within one month
select 100.00 * sum(case when p_type like 'ECONOMY%' then l_extendedprice * (1 - l_discount) else 0 end)
    / sum(l_extendedprice * (1 - l_discount)) as economy_percentage
from lineitem, part
where l_partkey = p_partkey
  and l_shipdate >= date '1995-02-01'
  and l_shipdate < date '1995-02-01' + interval '1' month;

-- Form of Q15: view of revenues as a CTE, rows that reach its maximum
WITH takings (supplier_no, taken) AS (
    SELECT l_suppkey, SUM(l_extendedprice * (1 - l_discount))
    FROM lineitem
    WHERE l_shipdate >= DATE '1997-10-01'
      AND l_shipdate < DATE '1997-10-01' + INTERVAL '3' MONTH
    GROUP BY l_suppkey
)
SELECT s_suppkey, s_name, s_address, s_phone, taken
FROM supplier, takings
WHERE s_suppkey = supplier_no
  AND taken = (SELECT MAX(taken) FROM takings)
ORDER BY s_suppkey;

-- Form of Q16: count distinct, inequality, NOT LIKE, IN list of numbers, NOT IN subquery
SELECT p_brand, p_type, p_size, COUNT(DISTINCT ps_suppkey) AS suppliers
FROM partsupp, part
WHERE p_partkey = ps_partkey
  AND p_brand <> 'Brand#31'
  AND p_type NOT LIKE 'SMALL POLISHED%'
  AND p_size IN (4, 8, 15, 16, 23, 42, 44, 50)
  AND ps_suppkey NOT IN (
    SELECT s_suppkey
    FROM supplier
    WHERE s_comment LIKE '%Client%Grievances%'
  )
GROUP BY p_brand, p_type, p_size
ORDER BY suppliers DESC, p_brand, p_type, p_size;

-- Form of Q17: correlated average subquery with a factor
select sum(l_extendedprice) / 7.0 as mean_yearly
from lineitem as outer_l, part
where p_partkey = outer_l.l_partkey
  and p_brand = 'Brand#52'
  and p_container = 'JUMBO PKG'
  and outer_l.l_quantity < (
    select 0.2 * avg(inner_l.l_quantity)
    from lineitem as inner_l
    where inner_l.l_partkey = p_partkey
  );

-- Form of Q18: IN over a grouped subquery with having
SELECT c_name, c_custkey, o_orderkey, o_orderdate, o_totalprice, SUM(l_quantity)
FROM customer, orders, lineitem
WHERE o_orderkey IN (
    SELECT l_orderkey FROM lineitem GROUP BY l_orderkey HAVING SUM(l_quantity) > 307
  )
  AND c_custkey = o_custkey
  AND o_orderkey = l_orderkey
GROUP BY c_name, c_custkey, o_orderkey, o_orderdate, o_totalprice
ORDER BY o_totalprice DESC, o_orderdate
LIMIT 100;

-- Form of Q19: disjunction of three long conjunctions
SELECT SUM(l_extendedprice * (1 - l_discount)) AS revenue_by_hand
FROM lineitem, part
WHERE (
    p_partkey = l_partkey
    AND p_brand = 'Brand#14'
    AND p_container IN ('SM CASE', 'SM BOX', 'SM PACK', 'SM PKG')
    AND l_quantity >= 6 AND l_quantity <= 6 + 10
    AND p_size BETWEEN 1 AND 5
    AND l_shipmode IN ('AIR', 'AIR REG')
    AND l_shipinstruct = 'DELIVER IN PERSON'
) OR (
    p_partkey = l_partkey
    AND p_brand = 'Brand#25'
    AND p_container IN ('MED BAG', 'MED BOX', 'MED PKG', 'MED PACK')
    AND l_quantity >= 17 AND l_quantity <= 17 + 10
    AND p_size BETWEEN 1 AND 10
    AND l_shipmode IN ('AIR', 'AIR REG')
    AND l_shipinstruct = 'DELIVER IN PERSON'
) OR (
    p_partkey = l_partkey
    AND p_brand = 'Brand#43'
    AND p_container IN ('LG CASE', 'LG BOX', 'LG PACK', 'LG PKG')
    AND l_quantity >= 28 AND l_quantity <= 28 + 10
    AND p_size BETWEEN 1 AND 15
    AND l_shipmode IN ('AIR', 'AIR REG')
    AND l_shipinstruct = 'DELIVER IN PERSON'
);

-- Form of Q20: nested IN subqueries with a correlated half sum
select s_name, s_address
from supplier, nation
where s_suppkey in (
    select ps_suppkey
    from partsupp
    where ps_partkey in (select p_partkey from part where p_name like 'ivory%')
      and ps_availqty > (
        select 0.5 * sum(l_quantity)
        from lineitem
        where l_partkey = ps_partkey
          and l_suppkey = ps_suppkey
          and l_shipdate >= date '1996-01-01'
          and l_shipdate < date '1996-01-01' + interval '1' year
      )
  )
  and s_nationkey = n_nationkey
  and n_name = 'VIETNAM'
order by s_name;

-- Form of Q21: EXISTS beside NOT EXISTS over aliases of one table
SELECT s_name, COUNT(*) AS times_late
FROM supplier, lineitem late, orders, nation
WHERE s_suppkey = late.l_suppkey
  AND o_orderkey = late.l_orderkey
  AND o_orderstatus = 'F'
  AND late.l_receiptdate > late.l_commitdate
  AND EXISTS (
    SELECT * FROM lineitem someone
    WHERE someone.l_orderkey = late.l_orderkey AND someone.l_suppkey <> late.l_suppkey
  )
  AND NOT EXISTS (
    SELECT * FROM lineitem other
    WHERE other.l_orderkey = late.l_orderkey
      AND other.l_suppkey <> late.l_suppkey
      AND other.l_receiptdate > other.l_commitdate
  )
  AND s_nationkey = n_nationkey
  AND n_name = 'ROMANIA'
GROUP BY s_name
ORDER BY times_late DESC, s_name
LIMIT 100;

-- Form of Q22: anti join by substring of the telephone number, average subquery
SELECT prefix, COUNT(*) AS idle_customers, SUM(c_acctbal) AS idle_balance
FROM (
    SELECT SUBSTRING(c_phone FROM 1 FOR 2) AS prefix, c_acctbal
    FROM customer
    WHERE SUBSTRING(c_phone FROM 1 FOR 2) IN ('11', '16', '20', '22', '25', '27', '34')
      AND c_acctbal > (
        SELECT AVG(c_acctbal)
        FROM customer
        WHERE c_acctbal > 0.00
          AND SUBSTRING(c_phone FROM 1 FOR 2) IN ('11', '16', '20', '22', '25', '27', '34')
      )
      AND NOT EXISTS (SELECT * FROM orders WHERE o_custkey = c_custkey)
) AS idle
GROUP BY prefix
ORDER BY prefix;
