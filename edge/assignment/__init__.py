"""Which cameras of its site a node runs.

share.py         pure: table of cameras, partitions held, names -> cameras to run, and why the others are not run
setup.py         a record of the table becomes a camera this node can run, with the passwords of its own file
kafka_table.py   the table, read from the compacted topic and followed
kafka_group.py   the partitions, given by Kafka's consumer group of the site
site_cameras.py  the thread that brings both together and tells the node
kafka_editor.py  writes and reads the topic for `giaolo cameras`
"""
