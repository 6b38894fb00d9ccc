"""Names of the Kafka topics (keys in brackets) and of the record types they carry."""

EVENTS = "giaolo.events.v1"  # [camera] Event and EvidenceSealed
TRACKS = "giaolo.tracks.v1"  # [camera]
HEALTH = "giaolo.health.v1"  # [node]
CAMERAS = "giaolo.cameras.v1"  # [camera], compacted
DEAD_EVENTS = "giaolo.events.dead.v1"  # whatever could not be read, with the reason

HEALTH_TYPE = "vn.giaolo.health.node.v1"
EVIDENCE_SEALED_TYPE = "vn.giaolo.evidence.sealed.v1"
