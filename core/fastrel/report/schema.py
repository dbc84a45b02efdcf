"""Name and version of the report's JSON form; the number changes when a reader could break."""

SCHEMA = "fastrel.report/1"
