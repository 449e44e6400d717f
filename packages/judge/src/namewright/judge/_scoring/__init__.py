"""What every judge shares: reading an answer, gates, adherence, diversity, the rubric. All of it is fingerprinted."""
