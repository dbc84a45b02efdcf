"""`python -m fastrel_cli` is `fastrel-checklist`."""

from fastrel_cli.main import main

main()
