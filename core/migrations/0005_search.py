"""The search documents, with the full-text index of whichever engine serves them."""

from django.db import migrations, models

POSTGRESQL = (
    "ALTER TABLE core_searchdocument ADD COLUMN vector tsvector"
    " GENERATED ALWAYS AS (to_tsvector('simple'::regconfig, tokens)) STORED",
    "ALTER TABLE core_searchdocument ALTER COLUMN vector SET STATISTICS 1000",
    "CREATE INDEX search_document_vector ON core_searchdocument USING gin (vector)",
)
SQLITE = (
    "CREATE VIRTUAL TABLE core_searchtext USING fts5("
    "tokens, content='core_searchdocument', content_rowid='id', tokenize='unicode61')",
    "CREATE TRIGGER core_searchdocument_ai AFTER INSERT ON core_searchdocument BEGIN"
    " INSERT INTO core_searchtext(rowid, tokens) VALUES (new.id, new.tokens); END",
    "CREATE TRIGGER core_searchdocument_ad AFTER DELETE ON core_searchdocument BEGIN"
    " INSERT INTO core_searchtext(core_searchtext, rowid, tokens)"
    " VALUES ('delete', old.id, old.tokens); END",
    "CREATE TRIGGER core_searchdocument_au AFTER UPDATE ON core_searchdocument BEGIN"
    " INSERT INTO core_searchtext(core_searchtext, rowid, tokens)"
    " VALUES ('delete', old.id, old.tokens);"
    " INSERT INTO core_searchtext(rowid, tokens) VALUES (new.id, new.tokens); END",
)


def build(apps, schema_editor):
    """Make the index of this engine."""
    vendor = schema_editor.connection.vendor
    for statement in POSTGRESQL if vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    """Remove the FTS5 table; everything else goes with the table itself."""
    if schema_editor.connection.vendor == "sqlite":
        for name in ("ai", "ad", "au"):
            schema_editor.execute(f"DROP TRIGGER core_searchdocument_{name}")
        schema_editor.execute("DROP TABLE core_searchtext")


class Migration(migrations.Migration):
    dependencies = [("core", "0004_pauses_and_append_only_log")]

    operations = [
        migrations.CreateModel(
            name="SearchDocument",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("subject_type", models.CharField(max_length=60, verbose_name="所属类型")),
                ("subject_id", models.BigIntegerField(verbose_name="所属编号")),
                ("tokens", models.TextField(verbose_name="词")),
            ],
            options={"verbose_name": "检索文档", "verbose_name_plural": "检索文档"},
        ),
        migrations.AddConstraint(
            model_name="searchdocument",
            constraint=models.UniqueConstraint(fields=("subject_type", "subject_id"), name="search_document_once"),
        ),
        migrations.RunPython(build, drop),
    ]
