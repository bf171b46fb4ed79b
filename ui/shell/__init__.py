"""Everything that imports Streamlit: session, sidebar, frame, navigation, cache, progress, uploads, and downloads."""
