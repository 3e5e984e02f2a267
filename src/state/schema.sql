-- The state of a migration, its ledger and the map of ids. Nothing here depends on an object in `public`, and nothing
-- in `public` depends on it: the whole schema can be dropped when the user is content.
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
  -- When the tables were last written to and proved; a later proof of what it left does not move it.
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
  reason text
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

-- Documents that a finished run takes up again: the rejected ones, and those whose references named them.
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
-- database since shows in it, and then nothing is taken up again.
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

-- The identity of ObjectIds: a UUIDv8 (RFC 9562) that carries the 12 bytes in order and in sight.
create function nextcrm_migration.uuid_of(object_id text) returns uuid
  language sql immutable strict parallel safe
  return case when object_id ~ '^[0-9a-fA-F]{24}$' then (
    substr(object_id, 1, 8) || '-' || substr(object_id, 9, 4) || '-8' || substr(object_id, 13, 3) || '-8'
    || substr(object_id, 16, 3) || '-' || substr(object_id, 19, 6) || '000000')::uuid end;

-- By LIKE and without a look into the digits: a regular expression took ten times as long, seconds for a million rows.
create function nextcrm_migration.object_id_of(id uuid) returns text
  language sql immutable strict parallel safe
  return case when encode(uuid_send(id), 'hex') like '____________8___8_________000000' then
    substr(encode(uuid_send(id), 'hex'), 1, 12) || substr(encode(uuid_send(id), 'hex'), 14, 3)
    || substr(encode(uuid_send(id), 'hex'), 18, 9) end;

-- A reference as canonical Extended JSON, for the ledger: an ObjectId, or the UUID that it was in the source.
create function nextcrm_migration.reference_json(id uuid) returns text
  language sql immutable strict parallel safe
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
