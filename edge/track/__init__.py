"""Track: detections of one camera become road users followed through time. Pure: no clock, no disk, no video.

track.py         Track: what leaves here
road_users.py    RoadUserTracker: what a pipeline uses; riders joined to their vehicles
tracker.py       Tracker: ByteTrack with real time steps
riders.py        who rides what, with hysteresis
kalman.py        constant-velocity filter in seconds
association.py   overlap and assignment
stitch.py        Stitcher: numbers that swap, break or stand on nothing become whole road users, whoever gave them
course.py        where a road user will be next, and what it is by vote
motlog.py        MOTChallenge text, both ways
sidecar.py       what stands beside it: frame times, classes, signal states
"""
