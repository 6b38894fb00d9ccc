"""Detect: a frame's picture becomes Detections.

detector.py   Detector: the protocol; SessionDetector: a session and a head behind it
load.py       load_detector(config): by name from the registry, or a file of one's own
session.py    ONNX Runtime and its execution providers (the only module that imports it)
letterbox.py  picture to network input, and boxes back
yolov8.py     output head of Ultralytics YOLOv8 and YOLO11
yolox.py      output head of YOLOX
nms.py        boxes that mean the same road user become one
classes.py    COCO class numbers to RoadUserClass
"""
