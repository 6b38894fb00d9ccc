"""What a scene asks for and this machine cannot do: said aloud, so that silence is not taken for good driving."""

from contracts.scene import SceneConfig

NO_CLASSIFIER = (
    "rules.no_helmet: is on, but no model classifies riders: nothing will be found; leave it out, or replay "
    "a track log whose `helmets` column says what was seen"
)


def reservations(scene: SceneConfig, *, classifies_riders: bool = False) -> list[str]:
    """Rules that are on and will find nothing, each as `path: why; cure`.

    Args:
        classifies_riders: a model says of each rider whether there is a helmet.
    """
    return [NO_CLASSIFIER] if scene.rules.no_helmet is not None and not classifies_riders else []
