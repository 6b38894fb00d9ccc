"""Detect: a frame's picture becomes Detections.

detector.py   Detector: the protocol; SessionDetector: a session and a head behind it
load.py       load_detector(config): by name from the registry, or a file of one's own
session.py    Session: the protocol; open_session: by the first provider of a list that is here
session_onnx.py      ONNX Runtime (the only module that runs it)
session_openvino.py  OpenVINO (the only module that runs it)
providers.py  execution providers by name
letterbox.py  picture to network input, and boxes back
heads.py      which head a network has, told by its outputs; FormHead: what a detector asks of it
yolov8.py     output head of Ultralytics YOLOv8 and YOLO11
yolox.py      output head of YOLOX
yolo26.py     output head of Ultralytics YOLO26, end to end
rtdetr.py     output heads of RT-DETR and D-FINE
regions.py    parts of the picture seen larger, beside the whole; regions_merge.py makes one set of boxes of all looks
nms.py        boxes that mean the same road user become one
classes.py    COCO class numbers to RoadUserClass
"""
