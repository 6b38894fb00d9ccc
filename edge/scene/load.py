"""Scene files: read, check, explain; and the scene of a camera nobody has drawn one for yet."""

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from contracts.config_file import explain, read_yaml
from contracts.scene import SceneConfig
from edge.errors import ConfigError
from edge.scene.ground import CalibrationError, Ground

USUAL_SIZE = (1280, 720)  # whether points give a plane does not hang on the picture's size, but through a strong lens


def load_scene(path: Path) -> SceneConfig:
    """Reads and checks a scene file. ConfigError lists every fault: `file: path.to.field: what is expected`."""
    document = read_yaml(path, ConfigError)
    if not isinstance(document, dict):
        raise ConfigError(f"{path}: is not a scene; expected keys such as version, scene_version, lines, zones, rules")
    return parse_scene(document, str(path))


def parse_scene(document: dict[str, Any], origin: str) -> SceneConfig:
    """Scene from parsed YAML or JSON; `origin` names it in the ConfigError."""
    try:
        scene = SceneConfig.model_validate(document)
        if scene.calibration is not None:
            Ground(scene.calibration, USUAL_SIZE)
    except ValidationError as error:
        raise ConfigError(f"{origin}:\n{explain(error)}") from None
    except CalibrationError as error:
        raise ConfigError(f"{origin}:\n  {error}") from None
    return scene


def default_scene() -> SceneConfig:
    """Shows something at once on any camera: counts both ways, presence, stopped vehicles. Draw a better one soon."""
    whole = [[0, 0], [1, 0], [1, 1], [0, 1]]
    return SceneConfig.model_validate(
        {
            "version": 1,
            "scene_version": 1,
            "name": "Default scene",
            "lines": [
                {"id": "middle", "start": [0, 0.55], "end": [1, 0.55], "forward": "down", "backward": "up"},
                {"id": "upright", "start": [0.5, 1], "end": [0.5, 0], "forward": "right", "backward": "left"},
            ],
            "zones": [
                {"id": "picture", "name": "Whole picture", "kind": "presence", "polygon": whole},
                {"id": "road", "name": "Whole picture as road", "kind": "carriageway", "polygon": whole},
            ],
            "rules": {"line_count": {}, "intrusion": {"quiet_s": 60}, "stopped_vehicle": {"min_s": 30}},
        }
    )


def json_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a scene file, for editors and forms."""
    schema = SceneConfig.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
