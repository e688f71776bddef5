-- Names are ordered and searched by the rules of Unicode, whatever locale the database was made with.
do $$ begin
  if not exists (select from pg_collation where collprovider = 'i') then
    raise exception 'This PostgreSQL was built without ICU, which orders and searches names. Install one that has it: the packages of PostgreSQL and of all large distributions do.'
      using errcode = 'feature_not_supported';
  end if;
  if getdatabaseencoding() <> 'UTF8' then
    raise exception 'The database % has the encoding %, which cannot keep every name. Make one with: create database ... encoding ''UTF8'' template template0', current_database(), getdatabaseencoding()
      using errcode = 'feature_not_supported';
  end if;
end $$;
--> statement-breakpoint
-- Letters before letter case, numbers by their value. Deterministic: texts are equal only where all bytes are.
create collation name_order (provider = icu, locale = 'und-u-kn-true');
--> statement-breakpoint
-- What a name and a search are compared by: without letter case, accents, width and ligatures.
create function search_text(value text) returns text language sql immutable parallel safe return
  case when octet_length(value) = char_length(value) then lower(value collate "C") collate "default"
  else replace(replace(replace(replace(
    translate(
      regexp_replace(lower(normalize(value, NFKD) collate "und-x-icu") collate "default", '[\u0300-\u036f]', '', 'g'),
      'ςøłđħı', 'σoldhi'),
    'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th')
  end;
--> statement-breakpoint
-- Every three characters in a row of the name and of the ID, and what is left at the end of each. pg_trgm would ask the
-- database's locale what a letter is, and knows nothing of searches of one or two characters.
create function search_parts(name text, id text) returns tsvector
  language sql immutable strict parallel safe cost 2000 return (
    select array_to_tsvector(array_agg(distinct substr(folded.text, place, 3)))
    from (values (search_text(name)), (search_text(id))) as folded (text), generate_series(1, length(folded.text)) as place
  );
--> statement-breakpoint
-- What has all parts of the search. One or two characters are the beginning of a part.
create function search_query(search text) returns tsquery
  language sql immutable strict parallel safe return (
    select string_agg(
      '''' || replace(replace(part, '\', '\\'), '''', '''''') || '''' || case when length(part) < 3 then ':*' else '' end,
      ' & ')::tsquery
    from (
      select distinct substr(search_text(search), place, 3) as part
      from generate_series(1, greatest(1, length(search_text(search)) - 2)) as place
    ) as parts
    where part <> ''
  );
