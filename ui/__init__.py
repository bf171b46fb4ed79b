"""Everything of Streamlit and Plotly that the pages share."""
