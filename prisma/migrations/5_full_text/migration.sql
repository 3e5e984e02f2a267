-- Full text. Joining texts and an array is not IMMUTABLE in PostgreSQL's eyes (array_to_string is STABLE for the sake of other
-- element types), and an index needs that it is. The cut keeps a long text from breaking the index build, and later the app's own
-- writes, with "string is too long for tsvector": 100,000 characters stay below its 1 MB whatever they are.
CREATE FUNCTION "nextcrm_search_text"(texts TEXT[]) RETURNS TEXT
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN left(array_to_string(texts, ' '), 100000);

CREATE INDEX "fts_crm_Accounts" ON "crm_Accounts" USING GIN (to_tsvector('simple', "nextcrm_search_text"(ARRAY["name"])));
CREATE INDEX "fts_crm_Contacts" ON "crm_Contacts" USING GIN (to_tsvector('simple', "nextcrm_search_text"(ARRAY["first_name", "last_name"] || "notes")));
CREATE INDEX "fts_crm_Opportunities" ON "crm_Opportunities" USING GIN (to_tsvector('simple', "nextcrm_search_text"(ARRAY["name", "description"])));
CREATE INDEX "fts_Tasks" ON "Tasks" USING GIN (to_tsvector('simple', "nextcrm_search_text"(ARRAY["title", "content"])));
CREATE INDEX "fts_Documents" ON "Documents" USING GIN (to_tsvector('simple', "nextcrm_search_text"(ARRAY["document_name", "description"])));
