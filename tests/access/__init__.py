"""Who may open which address, one module an area.

A module holds ``RULES`` (address name to :class:`tests.access.rules.Rule`) and, where its addresses
name records that are not yet there, ``build(world) -> dict[word, value]`` that makes one of each.
"""

import importlib
import pkgutil
from types import ModuleType


def areas() -> list[ModuleType]:
    """The modules of this package that hold a table."""
    found = [importlib.import_module(f"{__name__}.{info.name}") for info in pkgutil.iter_modules(__path__)]
    return [module for module in found if hasattr(module, "RULES")]
