"""Trains a small network of spiking neurons on event frames, and saves what snnc needs.

A bright bar moves over 12 x 12 pixels in one of eight directions. At each of 8 steps a pixel gives
an ON event where the bar arrives and an OFF event where it leaves; some events get lost, and some
come from nowhere. Needs PyTorch alone; takes half a minute on two cores.

usage: python train.py     writes convnet.pth, events.npy, labels.npy and logits-pytorch.npy here
"""

import math
import pathlib

import torch
from torch import nn

STEPS, SIZE, DIRECTIONS, TAU = 8, 12, 8, 2.0
HERE = pathlib.Path(__file__).parent


class Spike(torch.autograd.Function):
    """A step at 0; its gradient is that of a sigmoid, which is not 0 everywhere."""

    @staticmethod
    def forward(context, x):
        context.save_for_backward(x)
        return (x >= 0).to(x.dtype)

    @staticmethod
    def backward(context, gradient):
        (x,) = context.saved_tensors
        sigmoid = torch.sigmoid(4 * x)
        return gradient * 4 * sigmoid * (1 - sigmoid)


class LIF(nn.Module):
    """Leaky integrate-and-fire neurons over [steps, ...], as the op `lif` of ir-spec/ops.md."""

    def forward(self, x):
        v = torch.zeros_like(x[0])
        spikes = []
        for step in x:
            v = v + (step - v) / TAU
            spike = Spike.apply(v - 1.0)
            v = v * (1 - spike.detach())  # the hard reset to 0
            spikes.append(spike)
        return torch.stack(spikes)


class ConvNet(nn.Module):
    """Two layers of spiking neurons, and a readout that is averaged over the steps."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(2, 8, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(8)
        self.lif1 = LIF()
        self.conv2 = nn.Conv2d(8, 16, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(16)
        self.lif2 = LIF()
        self.pool = nn.MaxPool2d(2)
        self.fc = nn.Linear(16 * (SIZE // 4) ** 2, DIRECTIONS)

    def forward(self, x):  # [batch, steps, 2, height, width]
        batch, steps = x.shape[:2]

        def fold(y):  # layers without a memory see the steps as further samples
            return y.flatten(0, 1)

        def unfold(y):
            return y.unflatten(0, (steps, batch))

        x = self.lif1(unfold(self.bn1(self.conv1(fold(x.transpose(0, 1))))))
        x = self.lif2(unfold(self.bn2(self.conv2(self.pool(fold(x))))))
        return unfold(self.fc(self.pool(fold(x)).flatten(1))).mean(0)


def make_events(count, generator):
    """Returns events [count, steps, 2, height, width] of 0 and 1, and the bars' directions."""

    def random(*shape):
        return torch.rand(*shape, generator=generator)

    labels = torch.arange(count) % DIRECTIONS
    angle = (labels * (2 * math.pi / DIRECTIONS)).view(-1, 1, 1, 1)
    rows, columns = torch.meshgrid(torch.arange(SIZE), torch.arange(SIZE), indexing="ij")
    centre = (SIZE - 1) / 2
    along = (columns - centre) * angle.cos() + (rows - centre) * angle.sin()
    times = torch.arange(-1, STEPS).view(1, -1, 1, 1)
    speed = 0.6 + 0.8 * random(count, 1, 1, 1)
    position = speed * (times - STEPS / 2 + 2 * random(count, 1, 1, 1) - 1)
    half_width = 0.7 + random(count, 1, 1, 1)
    bar = (along - position).abs() < half_width
    on = bar[:, 1:] & ~bar[:, :-1]
    off = ~bar[:, 1:] & bar[:, :-1]
    events = torch.stack([on, off], 2)
    kept = random(*events.shape) > 0.5
    noise = random(*events.shape) < 0.08
    return ((events & kept) | noise).float(), labels


def train(model, generator):
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    events, labels = make_events(4096, generator)
    epochs, batch = 12, 64
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs)
    for epoch in range(epochs):
        model.train()
        total = 0.0
        for chunk in torch.randperm(len(labels), generator=generator).split(batch):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(events[chunk]), labels[chunk])
            loss.backward()
            optimizer.step()
            total += loss.item() * len(chunk)
        schedule.step()
        print(f"epoch {epoch + 1}: loss {total / len(labels):.3f}")


def save_npy(name, tensor):
    """Writes an array as NumPy does, without NumPy."""
    kind = {torch.float32: "<f4", torch.int64: "<i8"}[tensor.dtype]
    header = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {tuple(tensor.shape)}, }}"
    header = header.ljust(-(len(header) + 11) % 64 + len(header)) + "\n"
    data = bytes(tensor.contiguous().untyped_storage())
    start = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little")
    (HERE / name).write_bytes(start + header.encode() + data)


def main():
    torch.manual_seed(1)
    generator = torch.Generator().manual_seed(2)
    model = ConvNet()
    train(model, generator)
    model.eval()
    with torch.no_grad():
        events, labels = make_events(2048, generator)
        right = (model(events).argmax(1) == labels).float().mean().item()
        print(f"{right:.2%} of 2048 new samples right")
        events, labels = make_events(32, generator)
        logits = model(events)
    print(f"{(logits.argmax(1) == labels).sum().item()} of {len(labels)} of the test set right")
    torch.save(model.state_dict(), HERE / "convnet.pth")
    save_npy("events.npy", events)
    save_npy("labels.npy", labels)
    save_npy("logits-pytorch.npy", logits)


if __name__ == "__main__":
    main()
