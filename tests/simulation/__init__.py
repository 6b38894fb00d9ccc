"""Simulated truth: traffic by Eclipse SUMO and scripted violators, seen by a simulated camera.

trajectory.py   a road user's way through the world
sumo.py         netconvert and sumo as programs; their output as trajectories
networks.py     the roads; demand.py: who drives on them
scripted.py     violators with their own kinematics, put where the road is free
camera.py       pinhole camera with lens; ground points and boxes
layouts.py      one place each: road, demand, violators, the scene as a person would draw it
pictures.py     what the camera sees in each frame; noise.py: what is wrong with that
truth.py        the acts that happened, from the world alone; score.py: findings beside acts
run.py          hours of it, from the command line
"""
