"""What signal heads show: read from the picture, or told by a controller.

lamp.py     the lit lamp in a picture of a head
filter.py   sightings of one head become changes that hold
heads.py    all heads of a scene, frame by frame
messages.py lines and payloads of a controller's feed
feed.py     one controller's feed becomes changes; silence becomes unknown
file_feed.py, mqtt_feed.py, open_feed.py   where the feed comes from
"""
