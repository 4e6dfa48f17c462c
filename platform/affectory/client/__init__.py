"""Fetch releases from an Affectory server and load them.

======================  ===================================================================================
`client.settings`       where the server, the token and the cache are
`client.server`         the HTTP calls
`client.cache`          content-addressed objects on disk
`client.download`       parallel, resumed, verified downloads into the cache
`client.resolve`        from `name@^1.2` to one manifest
`client.pull`           a release, or a part of it, as a folder
`client.traces`         one NumPy view per trace
`client.torch_data`     datasets for torch's DataLoader
`client.frames`         video frames by presentation time
`client.conditions`     which items are wanted: `kind=video`
`client.locking`        pinned in dataset.lock
`client.standing`       is what is here still to be used
`client.proof`          is the successor of a withdrawn release that release minus rows
`client.housekeeping`   what the cache holds, and deleting from it
`client.locate`         where the files of a release are on this machine
`client.targets`        which columns or traces `("valence", "arousal")` are
`client.dataset`        a release, or a part of it, in memory
`client.loading`        `affectory.load`
======================  ===================================================================================
"""
