"""Export: weights of Ultralytics become an ONNX file, in an environment of its own with torch, never in the product's.

environment.py  makes that environment, once
inside.py       what runs in it: exports, and compares torch with ONNX Runtime; imports nothing of ours
export.py       the one from outside: runs it, judges the comparison, writes file and card
"""
