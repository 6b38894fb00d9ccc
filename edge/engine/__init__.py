"""Engine: the cameras of a node take turns at its detector.

turns.py   whose turn it is: few places, many cameras, fair shares (pure)
rate.py    how many pictures a second a camera needs, and whether the machine has room for more (pure)
motion.py  has anything moved between two small grey pictures? (pure)
pace.py    what a camera wanted and what it got over the last seconds (pure)
words.py   what is too slow, in words (pure)
desk.py    turns.py for threads
seat.py    one camera's place in the engine: the Detector its pipeline is given
engine.py  Engine: the detector, the desk, the seats
"""
