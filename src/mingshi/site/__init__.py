"""The site process: the composition root that knows every concrete thing of one sales office.

May touch: everything below it. Only here a clock is read and dice are thrown.

    folder.py    what lies where in a site's folder; making a new one
    root.py      opening it: keys, database, log, signer, witnesses
    records.py   export and import as cases
    copies.py    backup and restore
    check.py     fsck and doctor
    process.py   the running site: signer, housekeeper, admin socket, health and figures
"""
