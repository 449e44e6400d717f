"""How the classifier's weights are made; needs the `train` extra, and the checkout's `training` folder."""
