"""Papers in and out (公文与表格): spreadsheets are read by meaning, documents are written to GB/T 9704."""
