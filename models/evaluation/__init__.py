"""Evaluation: what was found beside the truth. Needs the extra `evaluate`; pure but for reading files.

coco.py     boxes beside COCO annotations: mAP, by pycocotools
tracks.py   tracks beside truth: HOTA, IDF1, MOTA, by trackeval
mot.py      truth and tracks in MOTChallenge text, as benchmarks publish them
groups.py   classes a detector may take for one another, by name
"""
