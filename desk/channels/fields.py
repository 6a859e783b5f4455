"""Fields: a platform's form as a person filled it in, made whole or refused."""

from __future__ import annotations

from collections.abc import Mapping

from connectors.base import Connector, Field
from desk.channels import admitting
from desk.channels.admitting import BadChannel as BadChannel
from desk.desk import Desk


def kind_of(desk: Desk, platform: str) -> type[Connector]:
    try:
        return desk.connectors[platform]
    except KeyError:
        known = ", ".join(sorted(desk.connectors))
        raise BadChannel(
            f"There is no connector “{platform}”. There are: {known}."
        ) from None


def preset(desk: Desk, field: Field) -> str:
    """What stands in a field before anyone writes into it."""
    return field.default.format(home=desk.settings.home, address=desk.settings.address)


def filled(
    desk: Desk, kind: type[Connector], values: Mapping[str, str]
) -> dict[str, str]:
    """Every field's value; says which are missing or not the platform's."""
    known = {field.name for field in kind.fields}
    if strange := sorted(set(values) - known):
        raise BadChannel(
            f"{kind.title} has no field {', '.join(strange)}. "
            f"Its fields: {', '.join(field.name for field in kind.fields)}."
        )
    return {field.name: _value(desk, kind, field, values) for field in kind.fields}


def _value(
    desk: Desk, kind: type[Connector], field: Field, values: Mapping[str, str]
) -> str:
    value = values.get(field.name, "").strip() or preset(desk, field)
    if field.required and not value:
        raise BadChannel(f"{kind.title} needs {field.name}: {field.label}.", field.name)
    admitting.refuse(desk, field, value)
    return value
