"""Fine-tunes an open language model to say domain names: LoRA on a CPU or a GPU, QLoRA in 4-bit NF4."""
