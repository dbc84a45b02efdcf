"""The release guide on a docs site: a Python-Markdown extension and a thin MkDocs plugin."""
