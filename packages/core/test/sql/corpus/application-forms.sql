-- Written for these tests after the forms in which query builders and ORMs (Kysely, Prisma, TypeORM, Drizzle, Sequelize, Active Record) write statements; names and values are our own.

-- plain reads

select "id", "title", "body" from "note" where "id" = $1;
select * from "note" where "owner_id" = $1 and "archived" = $2 order by "created_at" desc limit $3;
select "n"."id", "n"."title" as "noteTitle", "o"."full_name" as "ownerName" from "note" as "n" inner join "owner" as "o" on "o"."id" = "n"."owner_id" where "n"."id" = $1;
select distinct "city" from "address" where "country_code" = $1 order by "city" asc;
select distinct on ("conversation_id") "conversation_id", "id", "text", "sent_at" from "message" where "recipient_id" = $1 order by "conversation_id", "sent_at" desc;
select "m"."id", "t"."label" from "membership" as "m" left join "team" as "t" on "t"."id" = "m"."team_id" and "t"."deleted_at" is null where "m"."user_id" = $1 order by "t"."label" asc nulls last;
select "public"."Invoice"."id", "public"."Invoice"."number", "public"."Invoice"."dueOn" from "public"."Invoice" where ("public"."Invoice"."tenantId" = $1 and "public"."Invoice"."paid" = $2 and 1=1) order by "public"."Invoice"."dueOn" asc limit $3 offset $4;
SELECT "Vehicle"."id" AS "Vehicle_id", "Vehicle"."plate" AS "Vehicle_plate", "Vehicle__driver"."id" AS "Vehicle__driver_id", "Vehicle__driver"."name" AS "Vehicle__driver_name" FROM "vehicle" "Vehicle" LEFT JOIN "driver" "Vehicle__driver" ON "Vehicle__driver"."id"="Vehicle"."driverId" AND ("Vehicle__driver"."removedAt" IS NULL) WHERE (("Vehicle"."plate" = $1)) AND ("Vehicle"."removedAt" IS NULL) LIMIT 1;
SELECT "recipes".* FROM "recipes" INNER JOIN "recipe_tags" ON "recipe_tags"."recipe_id" = "recipes"."id" WHERE "recipe_tags"."tag_id" = $1 AND "recipes"."published" = TRUE ORDER BY "recipes"."published_at" DESC LIMIT $2;
select "d0"."id", "d0"."sku", (select count(*)::int from "review" as "r1" where "r1"."product_id" = "d0"."id") as "reviewCount" from "product" as "d0" where not "d0"."hidden" and "d0"."price_cents" between $1 and $2;

-- IN lists

select "id", "email" from "account" where "id" in ($1);
select "id", "email" from "account" where "id" in ($1, $2, $3, $4, $5) and "status" = $6;
select "id", "email", "created_at" from "account" where "id" in ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50, $51, $52, $53, $54, $55, $56, $57, $58, $59, $60, $61, $62, $63, $64, $65, $66, $67, $68, $69, $70, $71, $72, $73, $74, $75, $76, $77, $78, $79, $80, $81, $82, $83, $84, $85, $86, $87, $88, $89, $90, $91, $92, $93, $94, $95, $96, $97, $98, $99, $100);
select "id" from "parcel" where ("depot_id", "slot") in (($1, $2), ($3, $4), ($5, $6));
select "id" from "parcel" where "state" not in ($1, $2) and "weight_grams" is not null;
select "id", "name" from "label" where "id" = any($1::uuid[]);
delete from "label" where "id" in ($1, $2, $3);

-- jsonb aggregation sub-selects

select "person"."id", "person"."name", (select coalesce(json_agg(agg), '[]') from (select "pet"."id", "pet"."name" from "pet" where "pet"."owner_id" = "person"."id" order by "pet"."name") as "agg") as "pets" from "person" where "person"."id" = $1;
select "order"."id", (select to_json(obj) from (select "customer"."id", "customer"."name" from "customer" where "customer"."id" = "order"."customer_id") as "obj") as "customer" from "order" where "order"."tenant_id" = $1 limit $2;
select "album"."id", "album"."title", (select coalesce(jsonb_agg("agg"), '[]'::jsonb) from (select "track"."id", "track"."title", (select coalesce(jsonb_agg("agg"), '[]'::jsonb) from (select "artist"."id", "artist"."name" from "artist" inner join "track_artist" as "ta" on "ta"."artist_id" = "artist"."id" where "ta"."track_id" = "track"."id") as "agg") as "artists" from "track" where "track"."album_id" = "album"."id" order by "track"."position" asc) as "agg") as "tracks", (select to_jsonb("obj") from (select "label"."name" from "label" where "label"."id" = "album"."label_id" limit 1) as "obj") as "label" from "album" where "album"."slug" = $1;
select "event"."id", json_build_object('lat', "event"."lat", 'lng', "event"."lng", 'place', json_build_object('name', "venue"."name", 'city', "venue"."city")) as "where" from "event" inner join "venue" on "venue"."id" = "event"."venue_id" where "event"."starts_at" >= $1;
select "b"."id", coalesce(jsonb_agg(distinct jsonb_build_object('id', "g"."id", 'name', "g"."name")) filter (where "g"."id" is not null), '[]') as "genres" from "book" as "b" left join "book_genre" as "bg" on "bg"."book_id" = "b"."id" left join "genre" as "g" on "g"."id" = "bg"."genre_id" group by "b"."id" having count("g"."id") >= $1;
select "users"."id", "users"."handle", "users_posts"."data" as "posts" from "users" left join lateral (select coalesce(json_agg(json_build_array("users_posts"."id", "users_posts"."content")), '[]'::json) as "data" from (select * from "posts" "users_posts" where "users_posts"."author_id" = "users"."id" order by "users_posts"."id" desc limit $1) "users_posts") "users_posts" on true where "users"."id" = $2;
select "id", "settings"->'theme'->>'mode' as "mode", ("settings"->>'fontSize')::int as "fontSize" from "profile" where "settings" @> $1::jsonb and "settings" ? $2;

-- pagination

select "id", "subject", "created_at" from "ticket" where "queue_id" = $1 order by "created_at" desc, "id" desc limit $2 offset $3;
select "id", "subject", "created_at" from "ticket" where "queue_id" = $1 and ("created_at", "id") < ($2, $3) order by "created_at" desc, "id" desc limit $4;
select "id", "subject" from "ticket" where "queue_id" = $1 and ("priority" > $2 or ("priority" = $3 and "opened_at" > $4) or ("priority" = $5 and "opened_at" = $6 and "id" > $7)) order by "priority" asc, "opened_at" asc, "id" asc limit $8;
select "t".*, count(*) over () as "totalCount" from (select "id", "subject" from "ticket" where "closed_at" is null) as "t" order by "t"."id" offset $1 rows fetch next $2 rows only;
select * from (select "c"."id", "c"."text", row_number() over (partition by "c"."post_id" order by "c"."created_at" desc) as "rn" from "comment" as "c" where "c"."post_id" in ($1, $2, $3)) as "ranked" where "ranked"."rn" <= $4;
with "page" as (select "id" from "photo" where "album_id" = $1 and "id" > $2 order by "id" limit $3) select "photo".* from "photo" inner join "page" using ("id") order by "photo"."id";

-- soft delete and multi-tenant filters

update "document" set "deleted_at" = now(), "deleted_by" = $1 where "id" = $2 and "tenant_id" = $3 and "deleted_at" is null returning "id";
update "document" set "deleted_at" = null where "tenant_id" = $1 and "id" = $2;
select "document".* from "document" where "document"."tenant_id" = $1 and "document"."deleted_at" is null and ("document"."owner_id" = $2 or exists (select 1 from "share" where "share"."document_id" = "document"."id" and "share"."user_id" = $3 and "share"."revoked_at" is null));
select "p"."id", "p"."name", "w"."name" as "workspaceName" from "project" as "p" inner join "workspace" as "w" on "w"."id" = "p"."workspace_id" and "w"."tenant_id" = "p"."tenant_id" where "p"."tenant_id" = current_setting($1)::uuid and "p"."deleted_at" is null;
delete from "document" where "tenant_id" = $1 and "deleted_at" < now() - make_interval(days => $2);
select set_config('app.tenant_id', $1, true);

-- counts and existence

select count(*) as "count" from "subscriber" where "list_id" = $1;
select count(distinct "visitor_id")::int as "visitors", count(*) filter (where "bounced") as "bounces" from "hit" where "site_id" = $1 and "at" >= $2 and "at" < $3;
select cast(count("s"."id") as integer) as "n", "s"."state" from "shipment" as "s" group by "s"."state" having count("s"."id") > $1 order by "n" desc;
select count(*) from (select "id" from "subscriber" where "list_id" = $1 limit 1001) as "capped";
select exists (select 1 from "account" where lower("email") = lower($1)) as "taken";
SELECT 1 AS one FROM "coupons" WHERE "coupons"."code" = $1 LIMIT $2;
select "shop"."id" from "shop" where not exists (select "offer"."id" from "offer" where "offer"."shop_id" = "shop"."id" and "offer"."valid_until" > now());
select case when count(*) > 0 then true else false end as "hasAny" from "inbox" where "user_id" = $1 and "read_at" is null;

-- search

select "id", "name" from "contact" where "name" ilike $1 or "email" ilike $2 order by "name" limit 20;
select "id" from "contact" where "tenant_id" = $1 and ("first_name" || ' ' || "last_name") ilike '%' || $2 || '%' escape '\';
select "id", ts_rank("search", "q") as "rank" from "article", websearch_to_tsquery('english', $1) as "q" where "search" @@ "q" order by "rank" desc limit $2;
select "id", "name", similarity("name", $1) as "sim" from "place" where "name" % $2 order by "name" <-> $3 limit 10;
select "id" from "place" where ($1::text is null or "kind" = $2) and ($3::int[] is null or "zone" = any($4)) and unaccent("name") ~* $5;
select "id", 1 - ("embedding" <=> $1::vector) as "score" from "chunk" where "corpus_id" = $2 order by "embedding" <=> $3::vector limit $4;

-- inserts

insert into "note" ("title", "body", "owner_id") values ($1, $2, $3);
insert into "note" ("title", "body", "owner_id") values ($1, $2, $3) returning "id", "created_at" as "createdAt";
insert into "tagging" ("note_id", "tag_id", "position") values ($1, $2, $3), ($4, $5, $6), ($7, $8, $9);
insert into "metric" ("series_id", "at", "value", "unit") values ($1, $2, $3, $4), ($5, $6, $7, $8), ($9, $10, $11, $12), ($13, $14, $15, $16), ($17, $18, $19, $20), ($21, $22, $23, $24), ($25, $26, $27, $28), ($29, $30, $31, $32), ($33, $34, $35, $36), ($37, $38, $39, $40), ($41, $42, $43, $44), ($45, $46, $47, $48), ($49, $50, $51, $52), ($53, $54, $55, $56), ($57, $58, $59, $60), ($61, $62, $63, $64), ($65, $66, $67, $68), ($69, $70, $71, $72), ($73, $74, $75, $76), ($77, $78, $79, $80), ($81, $82, $83, $84), ($85, $86, $87, $88), ($89, $90, $91, $92), ($93, $94, $95, $96), ($97, $98, $99, $100), ($101, $102, $103, $104), ($105, $106, $107, $108), ($109, $110, $111, $112), ($113, $114, $115, $116), ($117, $118, $119, $120), ($121, $122, $123, $124), ($125, $126, $127, $128), ($129, $130, $131, $132), ($133, $134, $135, $136), ($137, $138, $139, $140), ($141, $142, $143, $144), ($145, $146, $147, $148), ($149, $150, $151, $152), ($153, $154, $155, $156), ($157, $158, $159, $160), ($161, $162, $163, $164), ($165, $166, $167, $168), ($169, $170, $171, $172), ($173, $174, $175, $176), ($177, $178, $179, $180), ($181, $182, $183, $184), ($185, $186, $187, $188), ($189, $190, $191, $192), ($193, $194, $195, $196), ($197, $198, $199, $200);
insert into "metric" ("series_id", "at", "value", "unit") values ($1, $2, $3, default), ($4, default, $5, $6), ($7, $8, null, default) returning *;
insert into "metric" ("series_id", "at", "value") select * from unnest($1::int[], $2::timestamptz[], $3::float8[]);
insert into "audit" ("actor_id", "action", "payload") select $1, $2, to_jsonb("u") from "user" as "u" where "u"."id" = $3;
insert into "session" default values returning "id";
INSERT INTO "Readers" ("id","nick","createdAt","updatedAt") VALUES (DEFAULT,$1,$2,$3) RETURNING "id","nick","createdAt","updatedAt";
with "new_org" as (insert into "org" ("name") values ($1) returning "id") insert into "org_member" ("org_id", "user_id", "role") select "new_org"."id", $2, 'owner' from "new_org" returning "org_id";

-- upserts

insert into "setting" ("user_id", "key", "value") values ($1, $2, $3) on conflict ("user_id", "key") do update set "value" = "excluded"."value", "updated_at" = now();
insert into "follower" ("user_id", "target_id") values ($1, $2) on conflict do nothing returning "id";
insert into "daily_count" as "dc" ("day", "page_id", "hits") values ($1, $2, $3), ($4, $5, $6), ($7, $8, $9) on conflict ("day", "page_id") do update set "hits" = "dc"."hits" + "excluded"."hits" where "dc"."locked" = false returning "dc"."page_id", "dc"."hits";
insert into "device" ("serial", "owner_id") values ($1, $2) on conflict on constraint "device_serial_key" do update set "owner_id" = $3, "seen" = "device"."seen" + 1 returning *, (xmax = 0) as "inserted";
insert into "stock" ("sku", "qty") values ($1, $2), ($3, $4), ($5, $6), ($7, $8), ($9, $10), ($11, $12), ($13, $14), ($15, $16), ($17, $18), ($19, $20) on conflict ("sku") where "active" do update set ("qty", "touched_at") = ("excluded"."qty", current_timestamp);
merge into "wishlist" as "w" using (select $1::int as "user_id", $2::int as "item_id") as "s" on "w"."user_id" = "s"."user_id" and "w"."item_id" = "s"."item_id" when matched then update set "wanted" = "w"."wanted" + 1 when not matched then insert ("user_id", "item_id", "wanted") values ("s"."user_id", "s"."item_id", 1);

-- updates and deletes

update "user" set "name" = $1, "updated_at" = $2 where "id" = $3;
update "user" set "login_count" = "login_count" + $1, "last_login" = now() where "user"."id" = $2 returning "user"."id", "user"."login_count" as "loginCount";
update "line" as "l" set "price" = "v"."price"::numeric, "qty" = "v"."qty"::int from (values ($1, $2, $3), ($4, $5, $6)) as "v" ("id", "price", "qty") where "l"."id" = "v"."id"::bigint;
update "profile" set "settings" = jsonb_set("settings", $1, $2::jsonb, true) || $3::jsonb, "version" = "version" + 1 where "id" = $4 and "version" = $5;
update "seat" set "held_by" = case when "id" = $1 then $2 when "id" = $3 then $4 else "held_by" end where "id" in ($5, $6);
delete from "session" where "expires_at" < $1;
delete from "cart_item" using "cart" where "cart"."id" = "cart_item"."cart_id" and "cart"."user_id" = $1 and "cart_item"."sku" = $2 returning "cart_item".*;

-- queues, locks, transactions

update "job" set "state" = 'running', "locked_by" = $1, "locked_at" = now(), "attempts" = "attempts" + 1 where "id" = (select "id" from "job" where "state" = 'queued' and "run_at" <= now() and "queue" in ($2, $3) order by "priority" desc, "run_at", "id" limit 1 for update skip locked) returning "id", "kind", "payload";
with "next" as materialized (select "id" from "outbox" where "sent_at" is null order by "id" for no key update skip locked limit $1) delete from "outbox" using "next" where "outbox"."id" = "next"."id" returning "outbox"."id", "outbox"."topic", "outbox"."message";
select "id", "balance" from "wallet" where "id" in ($1, $2) order by "id" for update of "wallet" nowait;
select pg_advisory_xact_lock(hashtext($1), $2);
select pg_try_advisory_lock($1::bigint) as "locked";
select "id" from "seat" where "show_id" = $1 and "held_by" is null order by random() limit $2 for share of "seat" skip locked;
begin isolation level repeatable read;
