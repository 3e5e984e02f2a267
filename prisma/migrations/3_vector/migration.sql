-- pgvector, which later releases of the app need. In some builds only a superuser may create it.
CREATE EXTENSION IF NOT EXISTS "vector";
