"""What the HTML report shows: one module a chart, each a plain view that the templates lay out.

Charts are inline SVG and HTML tables made here, because a chart library's output is a picture of fixed size and
colours that no screen reader can follow; these follow the page's width, its dark mode and its text.
"""
