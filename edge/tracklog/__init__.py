"""Tracklog: track logs on disk, for replay, what-if and figures. What is in them: `edge.track.tracked`.

log.py        TrackLog: one or several files in order, whatever their format
mot.py        a MOTChallenge text file with its sidecar
parquet.py    one Parquet file: columns, writing, reading
shelf.py      the files of a node: a part a minute, a file an hour, limits of age and size
recorder.py   TrackRecorder: the thread that writes them beside a live camera
"""
