// Whoever has what is generated has the ids that it speaks of.
@_exported import EnishiIds
