"""A container for every server of the cloud: image, networks and life cycle. The command is ../guests."""
