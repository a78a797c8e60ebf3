"""What every row of a procedure document is made of."""

from pydantic import BaseModel, ConfigDict, Field

Texts = tuple[str, ...]
Name = Field(min_length=1)


class Part(BaseModel):
    """Anything in a document: immutable, and strict about names."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
