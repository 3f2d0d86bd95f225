"""The shape of every record. Pydantic and the standard library only; nothing here opens a file or reads a clock."""
