"""The site process: the composition root that knows every concrete thing of one sales office.

May touch: everything below it. Only here a clock is read and dice are thrown.

    folder.py    what lies where in a site's folder; making a new one
    root.py      opening it: keys, database, log, signer, witnesses
    records.py   export and import as cases
    copies.py    backup and restore
    doctor.py    is the machine fit, is the record well
    admin.py     the commands of administration: by the running server's socket, or under its lock
    running.py   the running site: signer, housekeeper, admin socket, health and figures
    telling.py   its lines and figures: nothing personal
"""
