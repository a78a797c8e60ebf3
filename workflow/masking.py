"""How personal data is shown to whoever does not need it: enough to recognise, not enough to use."""


def masked_phone(value: str) -> str:
    """138****1234; short numbers keep their last two digits."""
    text = value.strip()
    if len(text) < 7:
        return "*" * max(len(text) - 2, 0) + text[-2:]
    return f"{text[:3]}{'*' * (len(text) - 7)}{text[-4:]}"


def masked_name(value: str) -> str:
    """张*; a company keeps its first two characters."""
    text = value.strip()
    if len(text) <= 1:
        return text
    return text[0] + "*" * min(len(text) - 1, 2) if len(text) <= 4 else text[:2] + "**"


def masked_address(value: str) -> str:
    """The first part of the address; house and room stay hidden."""
    text = value.strip()
    return text[: max(len(text) // 3, 2)] + "****" if text else ""
