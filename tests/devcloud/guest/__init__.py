"""A container for every server of the cloud: image, networks and life. The command is ../guests."""
