-- Written for these tests after the query forms of the Join Order Benchmark over the IMDB tables; filters, values and aliases are our own.

SELECT MIN(mc.note) AS first_note,
       MIN(t.title) AS first_title,
       MIN(t.production_year) AS first_year
FROM company_type AS ct,
     info_type AS it,
     movie_companies AS mc,
     movie_info_idx AS mi_idx,
     title AS t
WHERE ct.kind = 'distributors'
  AND it.info = 'bottom 10 rank'
  AND mc.note NOT LIKE '%(TV)%'
  AND (mc.note LIKE '%(2003)%'
       OR mc.note LIKE '%(theatrical)%')
  AND ct.id = mc.company_type_id
  AND t.id = mc.movie_id
  AND t.id = mi_idx.movie_id
  AND mc.movie_id = mi_idx.movie_id
  AND it.id = mi_idx.info_type_id;

SELECT MIN(t.title) AS island_movie
FROM company_name AS cn,
     keyword AS k,
     movie_companies AS mc,
     movie_keyword AS mk,
     title AS t
WHERE cn.country_code = '[at]'
  AND k.keyword = 'island-of-volcanoes'
  AND cn.id = mc.company_id
  AND mc.movie_id = t.id
  AND t.id = mk.movie_id
  AND mk.keyword_id = k.id
  AND mc.movie_id = mk.movie_id;

SELECT MIN(t.title) AS nordic_follow_up
FROM keyword AS k,
     movie_info AS mi,
     movie_keyword AS mk,
     title AS t,
     kind_type AS kt
WHERE k.keyword LIKE '%follow-up%'
  AND mi.info IN ('Iceland', 'Finland', 'Finnish', 'Icelandic', 'Faroese', 'Sami')
  AND t.production_year > 1998
  AND kt.kind = 'movie'
  AND kt.id = t.kind_id
  AND t.id = mi.movie_id
  AND t.id = mk.movie_id
  AND mk.movie_id = mi.movie_id
  AND k.id = mk.keyword_id;

SELECT MIN(mi_idx.info) AS votes,
       MIN(t.title) AS heist_title
FROM info_type AS it,
     keyword AS k,
     movie_info_idx AS mi_idx,
     movie_keyword AS mk,
     title AS t
WHERE it.info = 'votes'
  AND k.keyword LIKE '%heist%'
  AND mi_idx.info > '7.5'
  AND t.production_year BETWEEN 1987 AND 1999
  AND t.id = mi_idx.movie_id
  AND t.id = mk.movie_id
  AND mk.movie_id = mi_idx.movie_id
  AND k.id = mk.keyword_id
  AND it.id = mi_idx.info_type_id;

SELECT MIN(k.keyword) AS hero_word,
       MIN(n.name) AS hero_name,
       MIN(t.title) AS hero_title
FROM cast_info AS ci,
     keyword AS k,
     movie_keyword AS mk,
     name AS n,
     title AS t
WHERE k.keyword IN ('masked-rider', 'secret-passage', 'based-on-radio-play', 'duel', 'sword-cane', 'twin-brother')
  AND n.name LIKE '%Fairbanks%Elton%'
  AND t.production_year > 1921
  AND k.id = mk.keyword_id
  AND t.id = mk.movie_id
  AND t.id = ci.movie_id
  AND ci.movie_id = mk.movie_id
  AND n.id = ci.person_id;

SELECT MIN(n.name) AS biography_of,
       MIN(t.title) AS appeared_in
FROM aka_name AS an,
     cast_info AS ci,
     info_type AS it,
     link_type AS lt,
     movie_link AS ml,
     name AS n,
     person_info AS pi,
     title AS t
WHERE an.name LIKE '%e%'
  AND it.info = 'trade mark'
  AND lt.link = 'referenced in'
  AND n.name_pcode_cf BETWEEN 'B' AND 'G'
  AND (n.gender = 'f'
       OR (n.gender = 'm'
           AND n.name LIKE 'C%'))
  AND pi.note = 'Ottilie Brandauer'
  AND t.production_year BETWEEN 1971 AND 1988
  AND n.id = an.person_id
  AND n.id = pi.person_id
  AND ci.person_id = n.id
  AND t.id = ci.movie_id
  AND ml.linked_movie_id = t.id
  AND lt.id = ml.link_type_id
  AND it.id = pi.info_type_id
  AND pi.person_id = an.person_id
  AND pi.person_id = ci.person_id
  AND an.person_id = ci.person_id
  AND ci.movie_id = ml.linked_movie_id;

SELECT MIN(an1.name) AS dubbed_by,
       MIN(t.title) AS dubbed_title
FROM aka_name AS an1,
     cast_info AS ci,
     company_name AS cn,
     movie_companies AS mc,
     name AS n1,
     role_type AS rt,
     title AS t
WHERE ci.note = '(voice: German version)'
  AND cn.country_code = '[de]'
  AND mc.note LIKE '%(Germany)%'
  AND mc.note NOT LIKE '%(Austria)%'
  AND n1.name LIKE '%Mo%'
  AND n1.name NOT LIKE '%Moor%'
  AND rt.role = 'actor'
  AND an1.person_id = n1.id
  AND n1.id = ci.person_id
  AND ci.movie_id = t.id
  AND t.id = mc.movie_id
  AND mc.company_id = cn.id
  AND ci.role_id = rt.id
  AND an1.person_id = ci.person_id
  AND ci.movie_id = mc.movie_id;

SELECT MIN(an.name) AS other_name,
       MIN(chn.name) AS part_name,
       MIN(t.title) AS film
FROM aka_name AS an,
     char_name AS chn,
     cast_info AS ci,
     company_name AS cn,
     movie_companies AS mc,
     name AS n,
     role_type AS rt,
     title AS t
WHERE ci.note IN ('(voice)', '(voice: English version)', '(voice) (uncredited)')
  AND cn.country_code = '[ca]'
  AND mc.note IS NOT NULL
  AND (mc.note LIKE '%(Quebec)%' OR mc.note LIKE '%(worldwide)%')
  AND n.gender = 'f'
  AND n.name LIKE '%Jo%'
  AND rt.role = 'actress'
  AND t.production_year BETWEEN 2001 AND 2011
  AND ci.movie_id = t.id
  AND t.id = mc.movie_id
  AND ci.movie_id = mc.movie_id
  AND mc.company_id = cn.id
  AND ci.role_id = rt.id
  AND n.id = ci.person_id
  AND chn.id = ci.person_role_id
  AND an.person_id = n.id
  AND an.person_id = ci.person_id;

SELECT MIN(cn.name) AS studio,
       MIN(lt.link) AS kind_of_link,
       MIN(t.title) AS linked_title
FROM company_name AS cn,
     company_type AS ct,
     keyword AS k,
     link_type AS lt,
     movie_companies AS mc,
     movie_keyword AS mk,
     movie_link AS ml,
     title AS t
WHERE cn.country_code != '[dk]'
  AND (cn.name LIKE '%Filmhaus%' OR cn.name LIKE '%Lumen%')
  AND ct.kind = 'production companies'
  AND k.keyword = 'part-two'
  AND lt.link LIKE '%follow%'
  AND mc.note IS NULL
  AND t.production_year BETWEEN 1953 AND 2004
  AND lt.id = ml.link_type_id
  AND ml.movie_id = t.id
  AND t.id = mk.movie_id
  AND mk.keyword_id = k.id
  AND t.id = mc.movie_id
  AND mc.company_type_id = ct.id
  AND mc.company_id = cn.id
  AND ml.movie_id = mk.movie_id
  AND ml.movie_id = mc.movie_id
  AND mk.movie_id = mc.movie_id;

SELECT MIN(cn.name) AS company,
       MIN(mi_idx.info) AS score,
       MIN(t.title) AS comedy
FROM company_name AS cn,
     company_type AS ct,
     info_type AS it1,
     info_type AS it2,
     movie_companies AS mc,
     movie_info AS mi,
     movie_info_idx AS mi_idx,
     title AS t
WHERE cn.country_code = '[gb]'
  AND ct.kind = 'production companies'
  AND it1.info = 'genres'
  AND it2.info = 'rating'
  AND mi.info IN ('Comedy', 'Musical')
  AND mi_idx.info > '6.8'
  AND t.production_year BETWEEN 1994 AND 2006
  AND t.id = mi.movie_id
  AND t.id = mi_idx.movie_id
  AND mi.info_type_id = it1.id
  AND mi_idx.info_type_id = it2.id
  AND t.id = mc.movie_id
  AND ct.id = mc.company_type_id
  AND cn.id = mc.company_id
  AND mc.movie_id = mi.movie_id
  AND mc.movie_id = mi_idx.movie_id
  AND mi.movie_id = mi_idx.movie_id;

SELECT MIN(mi_idx.info) AS score,
       MIN(t.title) AS northern_noir
FROM info_type AS it1,
     info_type AS it2,
     keyword AS k,
     kind_type AS kt,
     movie_info AS mi,
     movie_info_idx AS mi_idx,
     movie_keyword AS mk,
     title AS t
WHERE it1.info = 'countries'
  AND it2.info = 'rating'
  AND k.keyword IS NOT NULL
  AND k.keyword IN ('harbour', 'ferry', 'lighthouse', 'smuggler')
  AND kt.kind IN ('movie', 'episode')
  AND mi.info IN ('Norway', 'Sweden', 'Denmark', 'Estonia', 'Latvia', 'Poland')
  AND mi_idx.info < '8.4'
  AND t.production_year > 2007
  AND kt.id = t.kind_id
  AND t.id = mi.movie_id
  AND t.id = mk.movie_id
  AND t.id = mi_idx.movie_id
  AND mk.movie_id = mi.movie_id
  AND mk.movie_id = mi_idx.movie_id
  AND mi.movie_id = mi_idx.movie_id
  AND k.id = mk.keyword_id
  AND it1.id = mi.info_type_id
  AND it2.id = mi_idx.info_type_id;

SELECT MIN(mi.info) AS opened,
       MIN(t.title) AS internet_title
FROM aka_title AS at,
     company_name AS cn,
     company_type AS ct,
     info_type AS it1,
     keyword AS k,
     movie_companies AS mc,
     movie_info AS mi,
     movie_keyword AS mk,
     title AS t
WHERE cn.country_code = '[nz]'
  AND it1.info = 'release dates'
  AND mc.note LIKE '%(199%)%'
  AND mc.note LIKE '%(theatrical)%'
  AND mi.note LIKE '%premiere%'
  AND mi.info LIKE 'New Zealand:% 199%'
  AND t.production_year > 1989
  AND t.id = at.movie_id
  AND t.id = mi.movie_id
  AND t.id = mk.movie_id
  AND t.id = mc.movie_id
  AND mk.movie_id = mi.movie_id
  AND mk.movie_id = mc.movie_id
  AND mk.movie_id = at.movie_id
  AND mi.movie_id = mc.movie_id
  AND mi.movie_id = at.movie_id
  AND mc.movie_id = at.movie_id
  AND k.id = mk.keyword_id
  AND it1.id = mi.info_type_id
  AND cn.id = mc.company_id
  AND ct.id = mc.company_type_id;

SELECT MIN(chn.name) AS character_name,
       MIN(mi_idx.info) AS score,
       MIN(n.name) AS played_by,
       MIN(t.title) AS complete_title
FROM complete_cast AS cc,
     comp_cast_type AS cct1,
     comp_cast_type AS cct2,
     char_name AS chn,
     cast_info AS ci,
     info_type AS it2,
     keyword AS k,
     kind_type AS kt,
     movie_info_idx AS mi_idx,
     movie_keyword AS mk,
     name AS n,
     title AS t
WHERE cct1.kind = 'crew'
  AND cct2.kind LIKE '%verified%'
  AND chn.name IS NOT NULL
  AND (chn.name LIKE '%Captain%' OR chn.name LIKE '%Pilot%')
  AND it2.info = 'rating'
  AND k.keyword IN ('airship', 'polar-expedition', 'storm', 'radio-operator', 'crash-landing', 'rescue')
  AND kt.kind = 'movie'
  AND mi_idx.info > '6.1'
  AND t.production_year > 1962
  AND kt.id = t.kind_id
  AND t.id = mk.movie_id
  AND t.id = ci.movie_id
  AND t.id = cc.movie_id
  AND t.id = mi_idx.movie_id
  AND mk.movie_id = ci.movie_id
  AND mk.movie_id = cc.movie_id
  AND mk.movie_id = mi_idx.movie_id
  AND ci.movie_id = cc.movie_id
  AND ci.movie_id = mi_idx.movie_id
  AND cc.movie_id = mi_idx.movie_id
  AND chn.id = ci.person_role_id
  AND n.id = ci.person_id
  AND k.id = mk.keyword_id
  AND cct1.id = cc.subject_id
  AND cct2.id = cc.status_id
  AND it2.id = mi_idx.info_type_id;

SELECT MIN(cn1.name) AS left_company,
       MIN(cn2.name) AS right_company,
       MIN(mi_idx1.info) AS left_score,
       MIN(mi_idx2.info) AS right_score,
       MIN(t1.title) AS left_title,
       MIN(t2.title) AS right_title
FROM company_name AS cn1,
     company_name AS cn2,
     info_type AS it1,
     info_type AS it2,
     kind_type AS kt1,
     link_type AS lt,
     movie_companies AS mc1,
     movie_companies AS mc2,
     movie_info_idx AS mi_idx1,
     movie_info_idx AS mi_idx2,
     title AS t1,
     title AS t2
WHERE cn1.country_code <> '[fr]'
  AND it1.info = 'rating'
  AND it2.info = 'rating'
  AND kt1.kind IN ('tv series', 'tv mini series')
  AND lt.link IN ('spin off from', 'version of', 'remake of')
  AND mi_idx2.info < '4.2'
  AND t2.production_year BETWEEN 1996 AND 2009
  AND lt.id = (SELECT ml.link_type_id FROM movie_link AS ml WHERE ml.movie_id = t1.id AND ml.linked_movie_id = t2.id)
  AND it1.id = mi_idx1.info_type_id
  AND t1.id = mi_idx1.movie_id
  AND kt1.id = t1.kind_id
  AND cn1.id = mc1.company_id
  AND t1.id = mc1.movie_id
  AND it2.id = mi_idx2.info_type_id
  AND t2.id = mi_idx2.movie_id
  AND cn2.id = mc2.company_id
  AND t2.id = mc2.movie_id
  AND mi_idx1.movie_id = mc1.movie_id
  AND mi_idx2.movie_id = mc2.movie_id;

SELECT MIN(mi.info) AS purse,
       MIN(mi_idx.info) AS ballots,
       MIN(n.name) AS author,
       MIN(t.title) AS gothic_title
FROM cast_info AS ci,
     info_type AS it1,
     info_type AS it2,
     keyword AS k,
     movie_info AS mi,
     movie_info_idx AS mi_idx,
     movie_keyword AS mk,
     name AS n,
     title AS t
WHERE ci.note IN ('(author)', '(screenplay)', '(idea)', '(novel)', '(short story)')
  AND it1.info = 'budget'
  AND it2.info = 'votes'
  AND k.keyword IN ('ruin', 'fog', 'candle', 'portrait', 'moor', 'governess', 'attic')
  AND mi.info IN ('Drama', 'Mystery', 'Horror')
  AND mi.note IS NULL
  AND n.gender IS NULL
  AND (t.title LIKE 'Vamp%'
       OR t.title LIKE '%House of%'
       OR t.title LIKE 'The \_%' ESCAPE '\')
  AND t.episode_nr IS NOT NULL
  AND t.production_year > 1930
  AND t.id = mi.movie_id
  AND t.id = mi_idx.movie_id
  AND t.id = ci.movie_id
  AND t.id = mk.movie_id
  AND ci.movie_id = mi.movie_id
  AND ci.movie_id = mi_idx.movie_id
  AND ci.movie_id = mk.movie_id
  AND mi.movie_id = mi_idx.movie_id
  AND mi.movie_id = mk.movie_id
  AND mi_idx.movie_id = mk.movie_id
  AND n.id = ci.person_id
  AND it1.id = mi.info_type_id
  AND it2.id = mi_idx.info_type_id
  AND k.id = mk.keyword_id;
