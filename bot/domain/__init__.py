"""The words of Waymark: frozen data, standard library only, no behaviour beyond derivation."""
