"""The words both sides speak: events, health, scenes, topics, and how bytes cross between processes.

Nothing here imports another package of ours, opens a file or reads a clock.

    classes.py    road-user classes
    errors.py     roots of every error of ours
    canonical.py  canonical JSON, SHA-256 over it, deterministic event ids
    event.py      Event (CloudEvents 1.0) and EvidenceSealed: what a node publishes
    health.py     CameraHealth, NodeHealth, reasons in words
    scene.py      SceneConfig: what is fixed at a camera, drawn by a person
    config_file.py  strict models, YAML, faults with their paths
    spans.py      runs of sequence numbers
    topics.py     names of the Kafka topics
    wire.py       Record, and the protocols Publisher, EvidenceSink, PreviewSink
"""
