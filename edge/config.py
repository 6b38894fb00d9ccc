"""Configuration of a node: one YAML file, every field described, errors that name the path."""

import os
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator

from contracts.camera import StreamConfig
from contracts.config_file import Config, explain, read_yaml
from contracts.event import Slug
from contracts.kafka import KafkaLink
from edge.errors import ConfigError
from models.card import Head


def usable_cores() -> int:
    """Cores this process may run on."""
    return len(os.sched_getaffinity(0))


_RATES = ("min_fps", "fps", "max_fps")


class DetectConfig(Config):
    """Which model looks, and how often."""

    model: str = Field(default="yolov8n-coco", description="name from `giaolo models list`, or path of an .onnx file")
    head: Head | None = Field(
        default=None, description="how the model's output is read; without it told by its card, the file, the shape"
    )
    height: int = Field(default=384, ge=64, multiple_of=32, description="input height, pixels")
    width: int = Field(default=640, ge=64, multiple_of=32, description="input width, pixels")
    confidence: float = Field(default=0.25, gt=0, lt=1, description="lowest confidence kept; tracking uses 0.1 to 1")
    nms_iou: float = Field(default=0.6, gt=0, lt=1, description="boxes of one class that overlap more are one")
    fps: float = Field(default=5, gt=0, le=60, description="frames a second and camera, as a rule")
    max_fps: float = Field(
        default=10, gt=0, le=60, description="at most: while a rule times road users, or the machine has room"
    )
    min_fps: float = Field(default=2, gt=0, le=60, description="at least: nobody is seen and nothing moves")
    workers: int | None = Field(
        default=None, ge=1, le=256, description="inferences at once; without it as many as fill the cores"
    )
    threads: int = Field(default=1, ge=1, le=64, description="threads of one inference session")
    batch: int = Field(
        default=8, ge=1, le=64, description="pictures of several cameras in one inference, at most; on a GPU only"
    )
    providers: tuple[Literal["cpu", "cuda", "tensorrt", "openvino"], ...] = Field(
        default=("cpu",), min_length=1, description="in order of preference; a missing one gives way to the next, aloud"
    )
    precision: Literal["auto", "f32", "bf16"] = Field(
        default="auto", description="of OpenVINO's arithmetic; auto: bf16 where the processor has it"
    )

    @model_validator(mode="before")
    @classmethod
    def _within_the_most(cls, given: Any) -> Any:
        """A rate that is not written gives way to those that are: `max_fps: 4` alone means 4 as a rule, too."""
        if not isinstance(given, dict):
            return given
        rates = {name: cls.model_fields[name].default for name in _RATES}
        written = {name: given[name] for name in _RATES if isinstance(given.get(name), int | float)}
        for place, name in enumerate(_RATES):
            lower = [written[other] for other in _RATES[:place] if other in written]
            upper = [written[other] for other in _RATES[place:] if other in written]
            rates[name] = min([max([rates[name], *lower]), *upper])
        return rates | given

    @property
    def at_once(self) -> int:
        """Inferences at once: `workers`, or as many as fill the cores this process may run on."""
        return self.workers or max(1, usable_cores() // self.threads)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.min_fps <= self.fps <= self.max_fps:
            raise ValueError(
                f"min_fps {self.min_fps:g}, fps {self.fps:g}, max_fps {self.max_fps:g}: each must be at most the next"
            )
        return self


class EvidenceConfig(Config):
    """What goes into an evidence package."""

    before_s: float = Field(default=4, ge=0, le=60, description="clip before the finding")
    after_s: float = Field(default=3, ge=0, le=60, description="clip after the finding")
    still_offset_s: float = Field(default=1.5, gt=0, le=30, description="stills before and after: this far away")
    crop_margin: float = Field(default=0.15, ge=0, le=1, description="of the box's size, on each side")
    jpeg_quality: int = Field(default=90, ge=50, le=100, description="of stills and crop")
    max_bytes: int = Field(default=20 * 2**30, gt=0, description="of delivered packages kept here; oldest go first")


class TrackLogConfig(Config):
    """What is kept of all tracks, for replay, what-if runs and figures."""

    enabled: bool = Field(default=True, description="write track logs into `data`/tracks")
    keep_days: float = Field(default=30, gt=0, le=3650, description="older ones are removed")
    max_gb: float = Field(default=20, gt=0, description="of all cameras, 10^9 bytes; oldest go first")
    part_s: float = Field(default=45, ge=1, le=600, description="seconds in memory at most; a power cut loses these")


class SignalFeedConfig(Config):
    """Where a controller tells what the signal heads show. A text alone is the url."""

    url: SecretStr = Field(description="mqtt://user:password@host:1883/topic, mqtts:// for TLS, or a file")
    stale_s: float = Field(
        default=180,
        gt=0,
        le=3600,
        description="silence after which states are unknown, where no heartbeat is announced",
    )
    ca: Path | None = Field(
        default=None, description="certificate authorities of an mqtts broker (PEM); else the system's"
    )

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, given: Any) -> Any:
        return {"url": given} if isinstance(given, str) else given

    @field_validator("url")
    @classmethod
    def _address(cls, url: SecretStr) -> SecretStr:
        text = url.get_secret_value()
        if "://" not in text:
            if not text.strip():
                raise ValueError("is empty; expected mqtt://host/topic or a file")
            return url
        try:
            parts = urlsplit(text)
            port = parts.port
        except ValueError:
            raise ValueError("is not an address; expected mqtt://user:password@host:1883/topic") from None
        if parts.scheme not in ("mqtt", "mqtts") or not parts.hostname or not parts.path.strip("/") or port == 0:
            raise ValueError("expected mqtt://host/topic, mqtts://host/topic, or a file")
        return url

    @property
    def file(self) -> Path | None:
        """The file, when it is one."""
        text = self.url.get_secret_value()
        return None if "://" in text else Path(text)


class CameraConfig(Config):
    """One camera."""

    id: Slug = Field(description="short name used in file names, events and addresses")
    name: str = Field(default="", description="as people call it; shown on screens")
    url: SecretStr = Field(description="rtsp://user:password@host/path, or a video file")
    scene: Path | None = Field(default=None, description="scene file; without it the default scene is used")
    signal_feed: SignalFeedConfig | None = Field(default=None, description="of the junction's controller")
    stream: StreamConfig = StreamConfig()

    @property
    def title(self) -> str:
        """Name to show."""
        return self.name or self.id


class CentreLink(Config):
    """Where evidence files and previews go when the centre is on another machine."""

    url: str = Field(pattern=r"^https?://", description="https://centre.example")
    token: SecretStr = Field(description="made by `giaolo centre add-node`")


class KafkaConfig(KafkaLink):
    """Cluster to publish to."""

    client_id: str = Field(default="giaolo-edge", description="shown in the broker's logs")


class Credentials(Config):
    """User and password of a camera; they stay on this node."""

    user: str = Field(min_length=1)
    password: SecretStr


class NodeConfig(Config):
    """One edge node."""

    version: Literal[1] = Field(default=1, description="of this file's format")
    node: Slug = Field(description="short name, unique in the whole system")
    data: Path = Field(description="folder for key, outbox, evidence and track logs")
    site: Slug | None = Field(default=None, description="nodes of a site share its cameras among them")
    cameras: tuple[CameraConfig, ...] = Field(description="a list; or the word `kafka`: those of the site, by Kafka")
    credentials: dict[Slug, Credentials] = Field(default={}, description="what cameras of the site name, by entry")
    on_kafka_loss: Literal["keep", "stop"] = Field(
        default="keep", description="cameras of the site while no broker can be reached (docs/decisions/0009)"
    )
    detect: DetectConfig = DetectConfig()
    evidence: EvidenceConfig = EvidenceConfig()
    track_log: TrackLogConfig = TrackLogConfig()
    bus: Literal["kafka"] = Field(default="kafka", description="the embedded bus is only within `giaolo demo`")
    kafka: KafkaConfig | None = None
    centre: CentreLink | None = None
    outbox_max_bytes: int = Field(default=4 * 2**30, gt=0, description="of undelivered records and files")
    metrics_port: int | None = Field(default=None, ge=1, le=65535, description="Prometheus metrics of this node")

    @field_validator("cameras", mode="before")
    @classmethod
    def _from_word(cls, given: Any) -> Any:
        if given == "kafka":
            return ()
        if isinstance(given, str) or given is None or (isinstance(given, list | tuple) and not given):
            raise ValueError("expected a list of cameras, or the word kafka")
        return given

    @model_validator(mode="after")
    def _shared(self) -> Self:
        if self.shares_cameras and (self.site is None or self.kafka is None):
            raise ValueError("cameras is kafka: say which with `site: NAME` and `kafka: {bootstrap: host:9092}`")
        return self

    @property
    def shares_cameras(self) -> bool:
        """The cameras are those Kafka gives this node, not those of its file."""
        return not self.cameras

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        seen: set[str] = set()
        for camera in self.cameras:
            if camera.id in seen:
                raise ValueError(f"camera id {camera.id!r} stands twice; ids must differ")
            seen.add(camera.id)
        return self


def load_node_config(path: Path) -> NodeConfig:
    """Reads and checks a node file; relative paths in it are relative to the file. ConfigError lists all faults."""
    document = read_yaml(path, ConfigError)
    try:
        config = NodeConfig.model_validate(document)
    except ValidationError as error:
        raise ConfigError(f"{path}:\n{explain(error)}") from None
    base = path.resolve().parent
    cameras = tuple(_beside(base, camera) for camera in config.cameras)
    kafka = config.kafka.beside(base) if config.kafka else None
    return config.model_copy(update={"data": base / config.data, "cameras": cameras, "kafka": kafka})


def _beside(base: Path, camera: CameraConfig) -> CameraConfig:
    """The camera with the paths in it taken relative to the node file's folder."""
    update: dict[str, Any] = {}
    if camera.scene:
        update["scene"] = base / camera.scene
    feed = camera.signal_feed
    if feed:
        changed: dict[str, Any] = {"url": SecretStr(str(base / feed.file))} if feed.file else {}
        changed |= {"ca": base / feed.ca} if feed.ca else {}
        update["signal_feed"] = feed.model_copy(update=changed)
    return camera.model_copy(update=update)
