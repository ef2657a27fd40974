"""The pages' templates, with escaping on and nothing undefined allowed."""

from jinja2 import Environment, PackageLoader, StrictUndefined


def fill(name: str, **values: object) -> str:
    """Give a whole page. Everything is escaped but what brings its own markup (`Chart`)."""
    environment = Environment(
        loader=PackageLoader("bot.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name).render(**values)
