-- The state of a migration, its ledger and the map of ids. Nothing here depends on an object in `public`, and nothing
-- in `public` depends on it: the whole schema can be dropped when the user no longer needs it.
create schema nextcrm_migration;

-- One row: which migration this target belongs to and how far it is.
create table nextcrm_migration.run (
  one boolean primary key default true check (one),
  id uuid not null,
  appliance text not null,
  source_kind text not null,
  source_database text not null,
  source_description text not null,
  started_at timestamptz(3) not null default now(),
  -- The step that is under way or comes next; 'finished' at the end.
  step text not null,
  -- When the run ended that last wrote to the tables; a later proof of them does not move it.
  finished_at timestamptz(3),
  report_id text,
  verdict text,
  exit_code integer,
  accepted_at timestamptz(3),
  accepted_by text,
  accepted_report_id text,
  -- JSON: what was found when it was accepted; nothing more than that is accepted.
  accepted_findings text
);

-- One row a collection of the source; `known` where it has a table.
create table nextcrm_migration.progress (
  collection text primary key,
  known boolean not null,
  source_uuid text,
  documents_expected bigint,
  bytes_expected bigint,
  -- The number of the next batch: the compare-and-set that keeps a batch from being written twice.
  batch bigint not null default 0,
  position text,
  done boolean not null default false,
  read bigint not null default 0,
  loaded bigint not null default 0,
  malformed bigint not null default 0,
  fields bigint not null default 0,
  bytes bigint not null default 0,
  content_hash text not null default '00000000000000000000000000000000',
  seconds double precision not null default 0
);

-- The ledger. `source_id` is the 24 hex digits of an ObjectId, else the canonical Extended JSON of the `_id`.
create table nextcrm_migration.reject (
  collection text not null,
  source_id text not null,
  code text not null,
  field text,
  document text not null,
  bson bytea not null,
  -- SQLSTATE, constraint and column where the server refused; never its detail, which quotes values.
  -- With a correction: why the document is rejected all the same.
  reason text,
  -- What a person writes to correct the document: a JSON merge patch (RFC 7396) of Extended JSON. The next start of the migration applies it.
  correction text
);
create table nextcrm_migration.change (
  collection text not null,
  source_id text not null,
  field text not null,
  code text not null,
  -- Canonical Extended JSON, or the hex digits of the bytes for INVALID_UTF8; NULL where the field was absent.
  original text
);
create table nextcrm_migration.leftover (
  collection text not null,
  source_id text not null,
  -- NULL: a whole document of an unknown collection.
  field text,
  value text not null
);
create table nextcrm_migration.id_map (
  collection text not null,
  source_id text not null,
  id uuid not null
);

-- Stretches of a damaged dump, and documents whose BSON cannot be walked.
create table nextcrm_migration.damage (
  collection text not null,
  file text not null,
  byte_offset bigint not null,
  reason text not null
);

-- Corrections with which documents were loaded; `digest` is the SHA-256 of the document's bytes in the source.
create table nextcrm_migration.correction (
  collection text not null,
  source_id text not null,
  digest text not null,
  patch text not null
);

-- A document that was loaded is not corrected again: whoever tries is told.
create function nextcrm_migration.say_loaded() returns trigger language plpgsql set search_path = pg_catalog as $say$
begin
  if tg_table_name = 'correction' then
    raise exception using errcode = 'NM002', message = 'the document was loaded with this correction, which cannot be changed any more',
      hint = 'Change the row in the table of NextCRM instead.';
  elsif not exists (select from corrected) then
    raise warning 'no rejected document matches: nothing was changed. A document that was loaded is no longer in nextcrm_migration.reject';
  end if;
  return null;
end $say$;
-- What came of a correction is said of that one alone.
create function nextcrm_migration.forget_outcome() returns trigger language plpgsql set search_path = pg_catalog as $forget$
begin
  new.reason := nullif(regexp_replace(new.reason, ' ?The correction .*$', ''), '');
  return new;
end $forget$;
create trigger forget_outcome before update of correction on nextcrm_migration.reject
  for each row when (new.correction is distinct from old.correction) execute function nextcrm_migration.forget_outcome();
create trigger say_loaded before update on nextcrm_migration.correction
  for each statement execute function nextcrm_migration.say_loaded();
create trigger say_loaded after update on nextcrm_migration.reject
  referencing new table as corrected for each statement execute function nextcrm_migration.say_loaded();

-- Documents that an older release kept in a collection of another name: `collection` is the present one. `source_id` NULL: one that
-- cannot be walked.
create table nextcrm_migration.former (
  collection text not null,
  former_name text not null,
  source_id text
);

-- Staging: the pairs of both sides' arrays. `original` is NULL where the element was an ObjectId.
create table nextcrm_migration.link (
  collection text not null,
  field text not null,
  id uuid not null,
  partner uuid not null,
  original text
);

-- Staging: references given as strings or numbers. `taken` is what the row (or the link) holds until it is looked up;
-- `hashed` is the id of a document whose `_id` is that string or number.
create table nextcrm_migration.lookup (
  collection text not null,
  id uuid not null,
  field text not null,
  original text not null,
  taken uuid not null,
  hashed uuid not null
);

-- Staging: rows that the resolve step found must be rejected, until their documents are read again.
create table nextcrm_migration.pending_reject (
  collection text not null,
  id uuid not null,
  source_id text not null,
  code text not null,
  field text,
  primary key (collection, id)
);

-- Documents whose unique value another one keeps: what refers to them refers to that one.
create table nextcrm_migration.merged (
  collection text not null,
  id uuid not null,
  source_id text not null,
  survivor uuid not null,
  primary key (collection, id)
);

-- Documents that a finished run retries: the rejected ones, and those whose references named them.
create table nextcrm_migration.retry (
  collection text not null,
  source_id text not null
);

-- Foreign keys and secondary indexes that are down during the load.
create table nextcrm_migration.suspended (
  position integer primary key,
  table_name text not null,
  kind text not null check (kind in ('foreign key', 'index')),
  name text not null,
  definition text not null,
  restored boolean not null default false
);

-- What the tables held when a migration with rejected documents left them; empty where none was rejected. Who has worked with the
-- database since shows in it, and then nothing is retried.
create table nextcrm_migration.as_left (
  table_name text primary key,
  digest text not null
);

-- What Prisma recorded of our own migrations, moved here at the hand-over: the columns are those of its table.
create table nextcrm_migration.prisma_migrations (
  id varchar(36) primary key,
  checksum varchar(64) not null,
  finished_at timestamptz,
  migration_name varchar(255) not null,
  logs text,
  rolled_back_at timestamptz,
  started_at timestamptz not null default now(),
  applied_steps_count integer not null default 0
);

-- The tables of the schema nextcrm_archive that were made. One that is named here and is not there was dropped by a person.
create table nextcrm_migration.archive (
  table_name text primary key,
  rows bigint not null
);

-- The identity of ObjectIds: a UUIDv8 (RFC 9562) that carries the 12 bytes in order and in sight. None of these functions is STRICT, which
-- would keep the planner from inlining a body that is a CASE: four times as long over 300,000 rows. NULL gives NULL all the same.
create function nextcrm_migration.uuid_of(object_id text) returns uuid
  language sql immutable parallel safe
  return case when object_id ~ '^[0-9a-fA-F]{24}$' then (
    substr(object_id, 1, 8) || '-' || substr(object_id, 9, 4) || '-8' || substr(object_id, 13, 3) || '-8'
    || substr(object_id, 16, 3) || '-' || substr(object_id, 19, 6) || '000000')::uuid end;

-- By LIKE and without a look into the digits: a regular expression took ten times as long, seconds for a million rows.
create function nextcrm_migration.object_id_of(id uuid) returns text
  language sql immutable parallel safe
  return case when encode(uuid_send(id), 'hex') like '____________8___8_________000000' then
    substr(encode(uuid_send(id), 'hex'), 1, 12) || substr(encode(uuid_send(id), 'hex'), 14, 3)
    || substr(encode(uuid_send(id), 'hex'), 18, 9) end;

-- A reference as canonical Extended JSON, for the ledger: an ObjectId, or the UUID that it was in the source.
create function nextcrm_migration.reference_json(id uuid) returns text
  language sql immutable parallel safe
  return coalesce(
    '{"$oid":"' || nextcrm_migration.object_id_of(id) || '"}',
    '{"$binary":{"base64":"' || encode(uuid_send(id), 'base64') || '","subType":"04"}}');

-- The compare-and-set that begins a batch's transaction: it hits the row only while no other session, and no earlier commit whose
-- outcome was unknown, has written this batch. It raises, so that what stands behind it in the same message is not run.
create procedure nextcrm_migration.claim_batch(
  of_collection text, expected_batch bigint, new_position text, more_read bigint, more_loaded bigint, more_malformed bigint,
  more_fields bigint, more_bytes bigint, new_content_hash text, more_seconds double precision
) language plpgsql set search_path = pg_catalog as $$
begin
  update nextcrm_migration.progress
  set batch = batch + 1, position = new_position, read = read + more_read, loaded = loaded + more_loaded,
      malformed = malformed + more_malformed, fields = fields + more_fields, bytes = bytes + more_bytes,
      content_hash = new_content_hash, seconds = seconds + more_seconds
  where collection = of_collection and batch = expected_batch;
  if not found then
    raise exception using errcode = 'NM001', message = 'this batch was written by another session';
  end if;
end
$$;

-- What was changed for NextCRM's later releases after the hand-over, one row a value. `column_name` NULL: the row was inserted, or
-- deleted where `former` holds it as JSON.
create table nextcrm_migration.restored (
  subject text not null,
  table_name text not null,
  row_id text not null,
  column_name text,
  former text
);
create index restored_value on nextcrm_migration.restored (table_name, column_name, row_id);

-- The subjects of src/releases that were restored after an upgrade of NextCRM: each once.
create table nextcrm_migration.restored_subject (
  subject text primary key,
  restored_at timestamptz(3) not null default now(),
  -- When it was found to be complete, and the verdict recorded.
  proved_at timestamptz(3)
);

-- What each table and column that no later release of NextCRM changes by a known rule held before the upgrade (src/upgrade):
-- `column_name` NULL: the rows of the table; `filled`: how many are not NULL.
create table nextcrm_migration.fingerprint (
  table_name text not null,
  column_name text,
  type text not null,
  form text not null,
  filled bigint not null,
  digest text not null,
  -- Nobody but the upgrade itself writes to the tables until the run is finished.
  sealed boolean not null default false
);

-- Where a publication has all tables, an update or delete needs to know how a row is identified: a table without a primary key by all of it.
do $identity$
declare unkeyed regclass;
begin
  for unkeyed in
    select c.oid::regclass from pg_class c
    where c.relnamespace = 'nextcrm_migration'::regnamespace and c.relkind = 'r'
      and not exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary)
  loop
    execute format('alter table %s replica identity full', unkeyed);
  end loop;
end $identity$;
