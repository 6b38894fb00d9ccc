"""Model files: what each is, where it comes from, what may be done with it.

A leaf: only contracts are imported here, so any step may ask for a model without knowing the rest.

    manifest.toml  one entry for each model: task, classes, input, head, SHA-256, licence, source
    card.py        ModelCard and the kinds of source
    cache.py       folders that hold fetched files
    fetch.py       files by checksum from a package index, a shared folder, a Debian package or an address
    registry.py    Registry: list, find, pull
    reshape.py     the same network for another input size, without torch
    quantise.py    the same network in int8, calibrated on real pictures
    made.py        MadeCard: what is known of a file made here from another
    gate.py        what a faster variant of a detector must show before it is used
    cli.py         `giaolo models`
"""
