"""Icons as HTML: drawn, because fonts without these signs would show an empty box."""

from __future__ import annotations

from html import escape

from ui.charts.palette import ICONS


def icon_html(name: str, label: str = "") -> str:
    """Return an icon in the color and the size of the text around it.

    It is a clipped box, because ``st.html`` removes SVG; the class ``icon`` has its style.

    Parameters
    ----------
    name : str
        A key of ``ICONS``.
    label : str
        What a screen reader says; without one, it skips the icon.
    """
    role = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return f'<i class="icon" {role} style="clip-path:path(\'{ICONS[name]}\')"></i>'
